using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// One connection and the statements prepared on it. Used by one thread at a time. Parameters are positional: ?1, ?2 ...
/// Statement texts are constants or built from a bounded number of shapes, so the cache is bounded too.
/// </summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    public SqliteConnection Connection { get; } = connection;

    /// <summary>Every statement that was run here: what the test of query plans looks at.</summary>
    public IReadOnlyCollection<string> Statements => _statements.Keys;

    /// <summary>Those of them that SQLite planned more than once.</summary>
    public IEnumerable<string> PlannedAgain => _statements.Where(s => s.Value.PlannedAgain > 0).Select(s => s.Key);

    /// <summary>Number of rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Statement(sql).Execute(values);

    /// <summary>The row id that was given. Without RETURNING, for which SQLite copies every page that the row's indexes touch.</summary>
    public long Insert(string sql, params ReadOnlySpan<object?> values)
    {
        Execute(sql, values);
        return SQLitePCL.raw.sqlite3_last_insert_rowid(Connection.Handle!);
    }

    /// <summary>Any number of statements, once.</summary>
    public void Script(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row; null where there is none.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Statement(sql).Scalar(values);

    public long Number(string sql, params ReadOnlySpan<object?> values) => (long)(Scalar(sql, values) ?? 0L);

    public List<T> Query<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<object?> values) => Statement(sql).Query(read, values);

    public T? First<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<object?> values) where T : class => Statement(sql).First(read, values);

    /// <summary>Runs all of it or nothing. The write lock is taken at once, so that no statement inside has to wait for it.</summary>
    public T InTransaction<T>(Func<SqliteSession, T> work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            var result = work(this);
            Execute("COMMIT");
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    /// <summary>Reads one state of the database with several statements.</summary>
    public T InSnapshot<T>(Func<SqliteSession, T> work)
    {
        Execute("BEGIN");
        try
        {
            return work(this);
        }
        finally
        {
            RollBack();
        }
    }

    private void RollBack()
    {
        // Errors like a full disk have rolled back already.
        if (SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0)
            Execute("ROLLBACK");
    }

    private SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements[sql] = statement = new(Connection, sql);
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        Connection.Dispose();
    }
}

using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// One prepared statement, run without the driver's command: values are bound by position and nothing is looked up by name, which costs the
/// writer more than SQLite's own work. Errors are the driver's.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    /// <summary>SQLITE_STMTSTATUS_REPREPARE of sqlite3.h, which the binding does not name.</summary>
    private const int Replanned = 5;

    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Require(sqlite3_prepare_v3(_connection, sql, SQLITE_PREPARE_PERSISTENT, out _statement, out var rest));
        if (string.IsNullOrWhiteSpace(rest))
            return;
        _statement.Dispose();
        throw new ArgumentException($"'{sql}' is more than one statement", nameof(sql));
    }

    /// <summary>How often, because of another schema or other values.</summary>
    public int PlannedAgain => sqlite3_stmt_status(_statement, Replanned, 0);

    /// <summary>Number of rows changed.</summary>
    public int Execute(ReadOnlySpan<object?> values)
    {
        using var run = Start(values);
        while (Step())
        {
        }

        return sqlite3_changes(_connection);
    }

    /// <summary>The first column of the first row; null where there is none. What RETURNING tells of has all happened by then.</summary>
    public object? Scalar(ReadOnlySpan<object?> values)
    {
        using var run = Start(values);
        return Step() ? Row.GetValue(0) : null;
    }

    public List<T> Query<T>(Func<SqliteRow, T> read, ReadOnlySpan<object?> values)
    {
        using var run = Start(values);
        var rows = new List<T>();
        while (Step())
            rows.Add(read(Row));
        return rows;
    }

    public T? First<T>(Func<SqliteRow, T> read, ReadOnlySpan<object?> values) where T : class
    {
        using var run = Start(values);
        return Step() ? read(Row) : null;
    }

    public void Dispose() => _statement.Dispose();

    private SqliteRow Row => new(_statement);

    private bool Step()
    {
        var result = sqlite3_step(_statement);
        if (result == SQLITE_ROW)
            return true;
        if (result != SQLITE_DONE)
            Require(result);
        return false;
    }

    private Run Start(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            Require(Bind(i + 1, values[i]));
        return new(_statement);
    }

    private int Bind(int at, object? value) => value switch
    {
        null => sqlite3_bind_null(_statement, at),
        long number => sqlite3_bind_int64(_statement, at, number),
        int number => sqlite3_bind_int64(_statement, at, number),
        string text => sqlite3_bind_text(_statement, at, text),
        byte[] bytes => sqlite3_bind_blob(_statement, at, bytes),
        bool truth => sqlite3_bind_int64(_statement, at, truth ? 1 : 0),
        double number => sqlite3_bind_double(_statement, at, number),
        _ => throw new ArgumentException($"a {value.GetType().Name} cannot be bound", nameof(value)),
    };

    private void Require(int result)
    {
        if (result != SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, _connection);
    }

    /// <summary>From the first step on: a statement that is not reset holds on to what it read.</summary>
    private readonly ref struct Run(sqlite3_stmt statement)
    {
        public void Dispose() => _ = sqlite3_reset(statement);
    }
}

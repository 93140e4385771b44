using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Faults.Oracle;

/// <summary>What is stored, read from the SQLite file itself: no page, cache or process of ours stands between.</summary>
internal sealed class StoreFile(string file) : Store
{
    private readonly Lock _gate = new();
    private SqliteConnection? _connection;

    public override string File => file;

    /// <summary>Title of each issue of a project to what it counts.</summary>
    public override IReadOnlyDictionary<string, (long Count, long Users)> Issues(int project) =>
        Read($"SELECT title, count, users FROM issues WHERE project_id = {project}", row => (row.GetString(0), (row.GetInt64(1), row.GetInt64(2))))
            .ToDictionary();

    public override long Events => Read("SELECT total(count) FROM issues", row => (long)row.GetDouble(0)).Sum();

    public override IReadOnlyList<(string Lane, long FromMs, long ToMs, string Reason)> Approximate =>
        Read("SELECT lane, from_ms, to_ms, reason FROM approximate", row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3)));

    public override long FirstSeen => Read("SELECT coalesce(min(first_seen), 0) FROM issues", row => row.GetInt64(0)).Sum();

    public override long LastSeen => Read("SELECT coalesce(max(last_seen), 0) FROM issues", row => row.GetInt64(0)).Sum();

    /// <summary>"ok", or what is wrong.</summary>
    public override string Integrity => string.Join("; ", Read("PRAGMA integrity_check", row => row.GetString(0)));

    public override void Dispose() => Close();

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
    {
        lock (_gate)
        {
            try
            {
                if (!System.IO.File.Exists(file))
                    return [];
                _connection ??= Open();
                using var command = _connection.CreateCommand();
                command.CommandText = sql;
                using var reader = command.ExecuteReader();
                var rows = new List<T>();
                while (reader.Read())
                    rows.Add(read(reader));
                return rows;
            }
            catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_IOERR)
            {
                // Not made yet, or its shared index is just being made again.
                Close();
                return [];
            }
        }
    }

    private SqliteConnection Open()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ConnectionString);
        connection.Open();
        return connection;
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}

using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Faults.Rigs;

/// <summary>Another process, this one, has the store's write lock; readers are not hindered.</summary>
internal sealed class StoreLock : IDisposable
{
    private readonly SqliteConnection _connection;

    private StoreLock(SqliteConnection connection) => _connection = connection;

    public static StoreLock Take(string file)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        connection.Open();
        Execute(connection, "PRAGMA wal_autocheckpoint = 0");
        Execute(connection, "BEGIN EXCLUSIVE");
        return new(connection);
    }

    public void Dispose()
    {
        Execute(_connection, "ROLLBACK");
        _connection.Dispose();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

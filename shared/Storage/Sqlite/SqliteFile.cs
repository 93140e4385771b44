using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Where a database is and how its connections are opened. Every connection is made here.</summary>
/// <param name="Path">The file; made with its folder, readable by its owner only, where it is missing.</param>
/// <param name="BusyTimeout">How long a statement waits for another process's lock before <see cref="StoreUnavailableException"/>.</param>
internal sealed record SqliteFile(string Path, TimeSpan BusyTimeout)
{
    static SqliteFile()
    {
        Batteries_V2.Init();
        // A connection is used by one thread at a time here (SqliteThreads), so no call needs to take its lock; and nobody asks how much
        // memory SQLite has in use, which every allocation would have to lock a counter for.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>
    /// The one connection that writes. FULL: a commit is on disk when it returns, because what fed it is deleted after.
    /// Only this connection checkpoints.
    /// </summary>
    public SqliteConnection OpenForWriting()
    {
        CreateOwnerOnly();
        return Open(SqliteOpenMode.ReadWrite,
            $"""
            PRAGMA busy_timeout = {BusyTimeout.TotalMilliseconds:0};
            PRAGMA auto_vacuum = INCREMENTAL;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA cache_size = -32000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA wal_autocheckpoint = 8000;
            """);
    }

    /// <summary>A connection that cannot write, whatever it is asked.</summary>
    public SqliteConnection OpenForReading() => Open(SqliteOpenMode.ReadOnly,
        $"""
        PRAGMA busy_timeout = {BusyTimeout.TotalMilliseconds:0};
        PRAGMA query_only = ON;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA cache_size = -8000;
        """);

    private SqliteConnection Open(SqliteOpenMode mode, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = mode,
            Pooling = false, // connections are kept by SqliteThreads
            DefaultTimeout = 1, // the driver's own retry loop; SQLite's busy_timeout does the waiting
        }.ConnectionString);
        try
        {
            connection.Open();
            // A plan depends on the statement, never on the values bound: otherwise SQLite plans statements near a partial index anew at every run.
            _ = raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void CreateOwnerOnly()
    {
        if (File.Exists(Path))
            return;
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // the -wal and -shm files take it over
        new FileStream(Path, options).Dispose();
    }
}

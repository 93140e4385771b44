using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Which of SQLite's errors are worth trying again, which mean a broken file, and which blame the value.</summary>
internal static class SqliteFailure
{
    public static Exception Describe(SqliteException failure, string path) => failure.SqliteErrorCode switch
    {
        SQLITE_BUSY or SQLITE_LOCKED or SQLITE_FULL or SQLITE_IOERR or SQLITE_CANTOPEN or SQLITE_READONLY or SQLITE_NOMEM or SQLITE_PROTOCOL
            => new StoreUnavailableException($"the store {path} cannot be used now: {failure.Message}", failure),
        SQLITE_CORRUPT or SQLITE_NOTADB
            => new StoreCorruptException($"the store {path} is damaged: restore it from a backup, or move it away to start empty. {failure.Message}", failure),
        SQLITE_INTERRUPT => new OperationCanceledException("the query was cancelled", failure),
        _ => failure,
    };

    /// <summary>True where the same statement with the same values will fail for ever.</summary>
    public static bool BlamesTheValue(SqliteException failure)
        => failure.SqliteErrorCode is SQLITE_CONSTRAINT or SQLITE_TOOBIG or SQLITE_MISMATCH or SQLITE_RANGE;

    /// <summary>True where the connection may be of no use any more.</summary>
    public static bool BlamesTheConnection(SqliteException failure)
        => failure.SqliteErrorCode is not (SQLITE_BUSY or SQLITE_LOCKED or SQLITE_CONSTRAINT or SQLITE_TOOBIG or SQLITE_MISMATCH or SQLITE_INTERRUPT);
}

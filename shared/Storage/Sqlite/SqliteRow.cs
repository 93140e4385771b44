using SQLitePCL;
using static SQLitePCL.raw;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The row that a statement stands at; only to be read before the next one is asked for.</summary>
internal readonly struct SqliteRow(sqlite3_stmt statement)
{
    public bool IsDBNull(int column) => sqlite3_column_type(statement, column) == SQLITE_NULL;

    public int GetInt32(int column) => checked((int)GetInt64(column));

    public long GetInt64(int column)
    {
        RequireValue(column);
        return sqlite3_column_int64(statement, column);
    }

    public string GetString(int column)
    {
        RequireValue(column);
        return sqlite3_column_text(statement, column).utf8_to_string();
    }

    public byte[] GetBytes(int column)
    {
        RequireValue(column);
        return sqlite3_column_blob(statement, column).ToArray();
    }

    public long? GetInt64OrNull(int column) => IsDBNull(column) ? null : GetInt64(column);

    public string? GetStringOrNull(int column) => IsDBNull(column) ? null : GetString(column);

    public byte[]? GetBytesOrNull(int column) => IsDBNull(column) ? null : GetBytes(column);

    /// <summary>A long, double, string or byte[]; null where there is none.</summary>
    public object? GetValue(int column) => sqlite3_column_type(statement, column) switch
    {
        SQLITE_INTEGER => sqlite3_column_int64(statement, column),
        SQLITE_FLOAT => sqlite3_column_double(statement, column),
        SQLITE_TEXT => sqlite3_column_text(statement, column).utf8_to_string(),
        SQLITE_BLOB => sqlite3_column_blob(statement, column).ToArray(),
        _ => null,
    };

    private void RequireValue(int column)
    {
        if (IsDBNull(column))
            throw new InvalidOperationException($"column {column} of the row is null");
    }
}

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What the rows of personal and of upload tokens have in common.</summary>
internal static class TokenUseRows
{
    /// <param name="table">One of the store's own names: never anything from outside.</param>
    public static bool Note(SqliteSession session, string table, string id, long at) => session.Execute(
        $"UPDATE {table} SET last_used_at = ?2 WHERE id = ?1 AND coalesce(last_used_at, 0) < ?2 - ?3", id, at, TokenUse.Coarse) > 0;
}

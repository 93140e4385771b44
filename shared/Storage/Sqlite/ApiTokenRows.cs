using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The personal tokens of the configuration, inside a transaction or reading of the store.</summary>
internal static class ApiTokenRows
{
    private const string Select = "SELECT id, user_id, name, hash, scope, created_at, expires_at, last_used_at FROM api_tokens WHERE ";

    public static int Add(SqliteSession session, ApiToken token) => session.Execute(
        """
        INSERT INTO api_tokens (id, user_id, name, hash, scope, created_at, expires_at)
        SELECT ?1, id, ?3, ?4, ?5, ?6, ?7 FROM users WHERE id = ?2
        """,
        token.Id, token.UserId, StoreText.Clean(token.Name, 80), token.Hash, StoreText.Clean(token.Scope, 20), token.CreatedAt, token.ExpiresAt);

    public static List<ApiToken> List(SqliteSession session, long userId) =>
        session.Query(Select + "user_id = ?1 ORDER BY created_at DESC, id", Read, userId);

    public static ApiToken? Find(SqliteSession session, string id) => session.First(Select + "id = ?1", Read, StoreText.Clean(id, 100));

    public static bool Delete(SqliteSession session, long userId, string id) =>
        session.Execute("DELETE FROM api_tokens WHERE user_id = ?1 AND id = ?2", userId, StoreText.Clean(id, 100)) > 0;

    private static ApiToken Read(SqliteRow row) => new(
        row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetBytes(3), row.GetString(4), row.GetInt64(5),
        row.GetInt64OrNull(6), row.GetInt64OrNull(7));
}

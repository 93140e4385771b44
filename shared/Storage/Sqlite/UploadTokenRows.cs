using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The upload tokens of the configuration, inside a transaction or reading of the store.</summary>
internal static class UploadTokenRows
{
    private const string Select = "SELECT id, project_id, name, hash, created_at, last_used_at FROM upload_tokens WHERE ";

    public static int Add(SqliteSession session, UploadToken token) => session.Execute(
        "INSERT INTO upload_tokens (id, project_id, name, hash, created_at) SELECT ?1, id, ?3, ?4, ?5 FROM projects WHERE id = ?2",
        token.Id, token.ProjectId, StoreText.Clean(token.Name, 80), token.Hash, token.CreatedAt);

    public static List<UploadToken> List(SqliteSession session, int projectId) =>
        session.Query(Select + "project_id = ?1 ORDER BY created_at DESC, id", Read, projectId);

    public static UploadToken? Find(SqliteSession session, string id) => session.First(Select + "id = ?1", Read, StoreText.Clean(id, 100));

    public static bool Delete(SqliteSession session, int projectId, string id) =>
        session.Execute("DELETE FROM upload_tokens WHERE project_id = ?1 AND id = ?2", projectId, StoreText.Clean(id, 100)) > 0;

    private static UploadToken Read(SqliteRow row) => new(
        row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetBytes(3), row.GetInt64(4), row.GetInt64OrNull(5));
}

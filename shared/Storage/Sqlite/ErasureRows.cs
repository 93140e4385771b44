using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The journal of erasures, inside a transaction or reading of the store.</summary>
internal static class ErasureRows
{
    /// <summary>So many of the newest are told to workers: far more than can matter to what is on its way.</summary>
    public const int MostTold = 5_000;

    public static int Add(SqliteSession session, Erasure erasure) => session.Execute(
        """
        INSERT INTO erasures (id, project_id, hash, kind, at, by, events, letters)
        SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8 FROM projects WHERE id = ?2
        """,
        erasure.Id, erasure.ProjectId, erasure.Hash, erasure.Kind, erasure.At, StoreText.CleanOrNull(erasure.By, 320), erasure.Events, erasure.Letters);

    public static int Note(SqliteSession session, Erasure erasure) => session.Execute(
        "UPDATE erasures SET events = ?2, letters = ?3, done_at = ?4 WHERE id = ?1", erasure.Id, erasure.Events, erasure.Letters, erasure.DoneAt);

    public static List<Erasure> List(SqliteSession session, int? project, int limit) => session.Query(
        "SELECT id, project_id, hash, kind, at, by, events, letters, done_at FROM erasures WHERE ?1 IS NULL OR project_id = ?1 ORDER BY at DESC, id LIMIT ?2",
        Read, project, limit);

    private static Erasure Read(SqliteRow row) => new(
        row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetStringOrNull(5),
        row.GetInt64(6), row.GetInt64(7), row.GetInt64OrNull(8));
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What visitors said of events, under the fingerprint that counts the event as soon as that is known.</summary>
internal sealed class FeedbackShelf(SqliteSession session)
{
    private const int LongestMessage = 8192;
    private const int TriedAgain = 20;
    private const string Columns = "id, event_id, at, name, email, message";

    public void Add(int project, IReadOnlyList<EventFeedback> said)
    {
        foreach (var one in said.Where(one => one?.EventId is not null && one.Id is not null))
            session.Execute(
                """
                INSERT INTO feedback (project_id, event_id, id, at, fingerprint_id, name, email, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                ON CONFLICT (project_id, event_id, id) DO NOTHING
                """,
                project, StoreText.Clean(one.EventId, 100), StoreText.Clean(one.Id, 100), one.At, FingerprintOf(project, StoreText.Clean(one.EventId, 100)),
                StoreText.CleanOrNull(one.Name, 200), StoreText.CleanOrNull(one.Email, 200), StoreText.Clean(one.Message, LongestMessage));
    }

    /// <summary>Words that came before their event, by another lane: the newest of those are looked for again.</summary>
    public void Settle(ReceiptShelf receipts)
    {
        var lost = session.Query(
            "SELECT project_id, event_id FROM feedback INDEXED BY feedback_lost WHERE fingerprint_id IS NULL ORDER BY at DESC LIMIT ?1",
            row => (Project: row.GetInt32(0), Event: row.GetString(1)), TriedAgain);
        foreach (var (project, id) in lost)
        {
            if ((SampleOf(project, id) ?? receipts.StoredNow(EventIdentity.Of(project, id).Short)) is { } fingerprint)
                session.Execute("UPDATE feedback SET fingerprint_id = ?3 WHERE project_id = ?1 AND event_id = ?2 AND fingerprint_id IS NULL", project, id, fingerprint);
        }
    }

    public static IReadOnlyList<EventFeedback> OfIssue(SqliteSession session, int project, long issue, int limit) => session.Query(
        $"""
        SELECT {Columns} FROM feedback INDEXED BY feedback_fingerprint
        WHERE fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id = ?1 AND project_id = ?2) ORDER BY at DESC LIMIT ?3
        """,
        Read, issue, project, limit);

    public static IReadOnlyList<EventFeedback> OfEvent(SqliteSession session, int project, string eventId) => session.Query(
        $"SELECT {Columns} FROM feedback WHERE project_id = ?1 AND event_id = ?2 ORDER BY at LIMIT 100", Read, project, StoreText.Clean(eventId, 100));

    public static IReadOnlyList<EventFeedback> Walk(SqliteSession session, int project, EventFeedback? after, int limit) => session.Query(
        $"SELECT {Columns} FROM feedback WHERE project_id = ?1 AND (event_id, id) > (?2, ?3) ORDER BY event_id, id LIMIT ?4",
        Read, project, StoreText.Clean(after?.EventId ?? "", 100), StoreText.Clean(after?.Id ?? "", 100), limit);

    private long? FingerprintOf(int project, string eventId) => SampleOf(project, eventId) ?? ReceiptShelf.FindFingerprint(session, project, eventId);

    private long? SampleOf(int project, string eventId) => (long?)session.Scalar("SELECT fingerprint_id FROM samples WHERE project_id = ?1 AND event_id = ?2", project, eventId);

    private static EventFeedback Read(SqliteRow row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetStringOrNull(3), row.GetStringOrNull(4), row.GetString(5));
}

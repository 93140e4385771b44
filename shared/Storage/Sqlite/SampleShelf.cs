using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// The bounded set of samples of a fingerprint. While there is room everything is kept. Then a sample of a new kind takes the
/// place of the oldest of the commonest kind, and one of a known kind takes that of the oldest of its own kind, where
/// <see cref="SampleTurns"/> lets it: examples stay fresh without a write for every event.
/// </summary>
internal sealed class SampleShelf(SqliteSession session, int limit)
{
    /// <summary>The new number of samples, and those of a kind that was not known.</summary>
    public (long Samples, IReadOnlyList<EventSample> Novel) Add(long fingerprint, long known, IssueDelta delta)
    {
        List<EventSample> novel = [];
        Stored? commonest = null;
        foreach (var sample in delta.Samples.Where(s => s?.Occurrence?.EventId is not null))
        {
            var kind = StoreText.Clean(sample.NoveltyKey, 200);
            var oldest = session.First(
                "SELECT id, received_at FROM samples WHERE fingerprint_id = ?1 AND novelty = ?2 ORDER BY received_at LIMIT 1",
                row => new Stored(row.GetInt64(0), row.GetInt64(1), 1), fingerprint, kind);
            var evicted = known < limit ? null : oldest ?? (commonest ??= OldestOfCommonest(fingerprint));
            if (evicted is not null && !SampleTurns.GivesWay(evicted.ReceivedAt, sample.Occurrence.ReceivedAt, oldest is not null, evicted.OfKind))
                continue;
            if (Insert(fingerprint, kind, delta.ProjectId, sample) == 0)
                continue; // the same event once more, as after a rollback of Redis
            known++;
            commonest = null;
            if (oldest is null)
                novel.Add(sample);
            if (evicted is not null)
                known -= session.Execute("DELETE FROM samples WHERE id = ?1", evicted.Id);
        }

        return (known, novel);
    }

    private Stored? OldestOfCommonest(long fingerprint) => session.First(
        """
        SELECT id, received_at, (SELECT count(*) FROM samples alike WHERE alike.fingerprint_id = ?1 AND alike.novelty = samples.novelty)
        FROM samples WHERE fingerprint_id = ?1 AND novelty =
            (SELECT novelty FROM samples WHERE fingerprint_id = ?1 GROUP BY novelty ORDER BY count(*) DESC, min(received_at) LIMIT 1)
        ORDER BY received_at LIMIT 1
        """,
        row => new Stored(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), fingerprint);

    private int Insert(long fingerprint, string kind, int project, EventSample sample) => session.Execute(
        """
        INSERT INTO samples (project_id, event_id, fingerprint_id, novelty, at, received_at, browser, page, body, release, unmapped, os, device, environment, user_key, user)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) ON CONFLICT (project_id, event_id) DO NOTHING
        """,
        project, StoreText.Clean(sample.EventId, 100), fingerprint, kind, sample.Occurrence.At, sample.Occurrence.ReceivedAt,
        StoreText.CleanOrNull(sample.Occurrence.Browser, 200), StoreText.CleanOrNull(sample.Occurrence.Page, 1000), StoredJson.WriteSample(sample),
        StoreText.CleanOrNull(sample.Context?.Release, 250), sample.Error is { } error && UnmappedFrames.Any(error) ? 1 : 0,
        StoreText.CleanOrNull(sample.Occurrence.Os, 200), StoreText.CleanOrNull(sample.Occurrence.Device, 200), StoreText.CleanOrNull(sample.Context?.Environment, 250),
        SampleUser.KeyOf(sample), SampleUser.TextOf(sample));

    /// <param name="OfKind">How many there are of its kind, where that was asked.</param>
    private sealed record Stored(long Id, long ReceivedAt, long OfKind);
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// The bounded set of samples of a fingerprint. While there is room everything is kept. Then a sample of a new kind takes the
/// place of the oldest of the commonest kind, and one of a known kind takes that of the oldest of its own kind, where that is an
/// hour older: examples stay fresh without a write for every event.
/// </summary>
internal sealed class SampleBook(ErrorCollections errors, int limit)
{
    private const long FreshMs = 3_600_000;

    public static string IdOf(int project, string eventId) => $"{project}:{StoreText.Clean(eventId, 100)}";

    /// <summary>Those of a kind that was not known.</summary>
    public IReadOnlyList<EventSample> Add(long fingerprint, IssueDelta delta)
    {
        var samples = delta.Samples.Where(s => s?.Occurrence?.EventId is not null).ToList();
        if (samples.Count == 0)
            return [];
        var kept = errors.Events.Query(
            BsonQuery.Number("f", fingerprint), found => new Kept(found["_id"u8].String(), found["novelty"u8].String(), found["receivedAt"u8].Int64()), Light);
        List<EventSample> novel = [];
        foreach (var sample in samples)
        {
            var kind = StoreText.Clean(sample.NoveltyKey, 200);
            var oldest = kept.Where(one => one.Novelty == kind).MinBy(one => one.ReceivedAt);
            var evicted = kept.Count < limit ? null : oldest ?? OldestOfCommonest(kept);
            if (evicted is not null && oldest is not null && sample.Occurrence.ReceivedAt - FreshMs < oldest.ReceivedAt)
                continue;
            var id = IdOf(delta.ProjectId, sample.EventId);
            if (!Insert(id, fingerprint, kind, delta.ProjectId, sample))
                continue; // the same event once more
            kept.Add(new(id, kind, sample.Occurrence.ReceivedAt));
            if (oldest is null)
                novel.Add(sample);
            if (evicted is null)
                continue;
            errors.Events.Delete(BsonQuery.Id(evicted.Id));
            kept.Remove(evicted);
        }

        SetNumber(fingerprint, kept.Count);
        return novel;
    }

    public void SetNumber(long fingerprint, long samples) =>
        errors.Fingerprints.Update(BsonQuery.Number("n", fingerprint), w => w.Set(fields => fields.Int64("samples"u8, samples)));

    private static Kept OldestOfCommonest(List<Kept> kept) => kept.GroupBy(one => one.Novelty)
        .OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Min(one => one.ReceivedAt)).First().MinBy(one => one.ReceivedAt)!;

    private bool Insert(string id, long fingerprint, string kind, int project, EventSample sample) => errors.Events.Insert(w =>
    {
        var body = StoredJson.WriteSample(sample);
        w.String("_id"u8, id);
        w.Int32("project"u8, project);
        w.String("eventId"u8, StoreText.Clean(sample.EventId, 100));
        w.Int64("f"u8, fingerprint);
        w.String("novelty"u8, kind);
        w.Int64("at"u8, sample.Occurrence.At);
        w.Int64("receivedAt"u8, sample.Occurrence.ReceivedAt);
        w.StringOrNull("browser"u8, StoreText.CleanOrNull(sample.Occurrence.Browser, 200));
        w.StringOrNull("page"u8, StoreText.CleanOrNull(sample.Occurrence.Page, 1000));
        w.StringOrNull("release"u8, StoreText.CleanOrNull(sample.Context?.Release, 250));
        w.Bool("unmapped"u8, sample.Error is { } error && UnmappedFrames.Any(error));
        w.Int64("size"u8, body.Length);
        w.Binary("body"u8, body);
    });

    private static void Light(BsonWriter options)
    {
        using var fields = options.Document("projection"u8);
        options.Int32("novelty"u8, 1);
        options.Int32("receivedAt"u8, 1);
    }

    private sealed record Kept(string Id, string Novelty, long ReceivedAt);
}

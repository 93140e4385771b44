using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// The bounded set of samples of a fingerprint. While there is room everything is kept. Then a sample of a new kind takes the
/// place of the oldest of the commonest kind, and one of a known kind takes that of the oldest of its own kind, where
/// <see cref="SampleTurns"/> lets it: examples stay fresh without a write for every event.
/// </summary>
internal sealed class SampleBook(ErrorCollections errors, int limit)
{
    /// <summary>The field that the server's own expiry goes by: it asks for a date.</summary>
    public static ReadOnlySpan<byte> Received => "received"u8;

    public static string IdOf(int project, string eventId) => $"{project}:{StoreText.Clean(eventId, 100)}";

    /// <summary>Of several deltas in a few steps. Of each those of a kind that was not known.</summary>
    public ILookup<CountedDelta, EventSample> Add(IReadOnlyCollection<CountedDelta> counted)
    {
        var telling = counted.Where(one => one.Delta.Samples.Any(IsWhole)).ToList();
        if (telling.Count == 0)
            return Array.Empty<(CountedDelta Delta, EventSample Sample)>().ToLookup(one => one.Delta, one => one.Sample);
        var kept = telling.Select(one => one.Fingerprint.Number).Distinct().ToDictionary(number => number, _ => new List<Kept>());
        foreach (var one in errors.Events.Query(
            w => w.In("f"u8, kept.Keys),
            found => (Fingerprint: found["f"u8].Int64(), Kept: new Kept(found["_id"u8].String(), found["novelty"u8].String(), found["receivedAt"u8].Int64())), BsonQuery.Only("f", "novelty", "receivedAt")))
            kept[one.Fingerprint].Add(one.Kept);
        var stored = errors.Events.Known([.. telling.SelectMany(one => one.Delta.Samples.Where(IsWhole).Select(sample => IdOf(one.Delta.ProjectId, sample.EventId))).Distinct(StringComparer.Ordinal)]);
        var (coming, going) = (new Dictionary<string, (CountedDelta Delta, string Kind, EventSample Sample)>(StringComparer.Ordinal), new List<string>());
        List<(CountedDelta Delta, EventSample Sample)> novel = [];
        foreach (var one in telling)
        {
            foreach (var sample in one.Delta.Samples.Where(IsWhole))
                Choose(one, sample, kept[one.Fingerprint.Number], stored, coming, going, novel);
        }

        errors.Events.InsertAll([.. coming], (w, one) => Write(w, one.Key, one.Value.Delta.Fingerprint.Number, one.Value.Kind, one.Value.Delta.Delta.ProjectId, one.Value.Sample));
        if (going.Count > 0)
            errors.Events.Delete(w => w.In("_id"u8, going));
        errors.Fingerprints.UpdateAll([.. kept], (w, one) => w.Int64("n"u8, one.Key), (w, one) => w.Set(fields => fields.Int64("samples"u8, one.Value.Count)));
        return novel.ToLookup(one => one.Delta, one => one.Sample);
    }

    public void SetNumber(long fingerprint, long samples) =>
        errors.Fingerprints.Update(BsonQuery.Number("n", fingerprint), w => w.Set(fields => fields.Int64("samples"u8, samples)));

    private static List<Kept> Commonest(List<Kept> kept) => [.. kept.GroupBy(one => one.Novelty)
        .OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Min(one => one.ReceivedAt)).First()];

    private static bool IsWhole(EventSample? sample) => sample?.Occurrence?.EventId is not null;

    /// <param name="one">Whose sample it is.</param>
    /// <param name="sample">That may be kept.</param>
    /// <param name="kept">What its fingerprint has; changed as if it was kept.</param>
    /// <param name="stored">Ids that are there already: the same event once more.</param>
    /// <param name="coming">What will be written.</param>
    /// <param name="going">What will be deleted.</param>
    /// <param name="novel">Those of a kind that was not known.</param>
    private void Choose(
        CountedDelta one, EventSample sample, List<Kept> kept, HashSet<string> stored,
        Dictionary<string, (CountedDelta Delta, string Kind, EventSample Sample)> coming, List<string> going, List<(CountedDelta Delta, EventSample Sample)> novel)
    {
        var kind = StoreText.Clean(sample.NoveltyKey, 200);
        var oldest = kept.Where(other => other.Novelty == kind).MinBy(other => other.ReceivedAt);
        var commonest = kept.Count < limit || oldest is not null ? [] : Commonest(kept);
        var evicted = kept.Count < limit ? null : oldest ?? commonest.MinBy(other => other.ReceivedAt)!;
        if (evicted is not null && !SampleTurns.GivesWay(evicted.ReceivedAt, sample.Occurrence.ReceivedAt, oldest is not null, commonest.Count))
            return;
        var id = IdOf(one.Delta.ProjectId, sample.EventId);
        if (!stored.Add(id))
            return;
        coming[id] = (one, kind, sample);
        kept.Add(new(id, kind, sample.Occurrence.ReceivedAt));
        if (oldest is null)
            novel.Add((one, sample));
        if (evicted is null)
            return;
        kept.Remove(evicted);
        if (!coming.Remove(evicted.Id))
            going.Add(evicted.Id);
    }

    private static void Write(BsonWriter w, string id, long fingerprint, string kind, int project, EventSample sample)
    {
        var body = StoredJson.WriteSample(sample);
        w.String("_id"u8, id);
        w.Int32("project"u8, project);
        w.String("eventId"u8, StoreText.Clean(sample.EventId, 100));
        w.Int64("f"u8, fingerprint);
        w.String("novelty"u8, kind);
        w.Int64("at"u8, sample.Occurrence.At);
        w.Int64("receivedAt"u8, sample.Occurrence.ReceivedAt);
        w.DateTime(Received, sample.Occurrence.ReceivedAt);
        w.StringOrNull("browser"u8, StoreText.CleanOrNull(sample.Occurrence.Browser, 200));
        w.StringOrNull("page"u8, StoreText.CleanOrNull(sample.Occurrence.Page, 1000));
        w.StringOrNull("release"u8, StoreText.CleanOrNull(sample.Context?.Release, 250));
        w.StringOrNull("os"u8, StoreText.CleanOrNull(sample.Occurrence.Os, 200));
        w.StringOrNull("device"u8, StoreText.CleanOrNull(sample.Occurrence.Device, 200));
        w.StringOrNull("environment"u8, StoreText.CleanOrNull(sample.Context?.Environment, 250));
        w.StringOrNull("userKey"u8, SampleUser.KeyOf(sample));
        w.StringOrNull("user"u8, SampleUser.TextOf(sample));
        w.Bool("unmapped"u8, sample.Error is { } error && UnmappedFrames.Any(error));
        w.Int64("size"u8, body.Length);
        w.Binary("body"u8, body);
    }

    private sealed record Kept(string Id, string Novelty, long ReceivedAt);
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Aggregate;
using FsCheck;
using FsCheck.Fluent;

namespace ErrorPipeline.Workers.Tests.Aggregate;

/// <summary>The arithmetic of counts: nothing is lost, order does not matter, and batches add up.</summary>
public sealed class AggregateStageProperties
{
    private const long Hour = 3_600_000;

    private static readonly Gen<NormalizedError> Error =
        from fingerprint in Gen.Elements("f", "g", "h")
        from environment in Gen.Elements("production", "test", null)
        from release in Gen.Elements("1", "2")
        from tag in Gen.Elements("a", "b")
        from hours in Gen.NonEmptyListOf(Gen.Choose(0, 5))
        from browser in Gen.Elements("Chrome 156", "Firefox 153", null)
        select Some.Normalized(fingerprint, [.. hours.Select(h => Some.Occurrence(0, at: h * Hour, browser: browser, user: $"u{h}"))]) with
        {
            Context = new() { Environment = environment, Release = release, Tags = [new("t", tag)] },
        };

    /// <summary>Batches in which every event has an id of its own.</summary>
    private static readonly Arbitrary<NormalizedError[]> Batches = Gen.ArrayOf(Error).Select(Number).ToArbitrary();

    [Test]
    public void Run_AnyBatch_ConservesEveryCount() => Check(Batches, batch =>
    {
        var deltas = AggregateStage.Run(batch, default, default).Forward;

        deltas.Sum(d => d.Count).Should().Be(batch.Sum(e => e.Count));
        foreach (var delta in deltas)
        {
            delta.Hours.Sum(h => h.Count).Should().Be(delta.Count);
            foreach (var full in new[] { "os", "device", "page", "release", "level", "handled", "class", "tag:t" })
                delta.Facets.Where(f => f.Dimension == full).Sum(f => f.Count).Should().Be(delta.Count, full);
            delta.Samples.Should().HaveCount((int)Math.Min(delta.Count, 5)).And.OnlyHaveUniqueItems(s => s.EventId);
        }
    });

    [Test]
    public void Run_ShuffledBatch_GivesTheSameDeltas() => Check(Batches, batch =>
    {
        var shuffled = batch.ToArray();
        new System.Random(batch.Length).Shuffle(shuffled);

        var one = AggregateStage.Run(batch, default, default).Forward;
        var other = AggregateStage.Run(shuffled, default, default).Forward;

        other.Select(Json).Should().Equal(one.Select(Json));
    });

    [Test]
    public void Run_SplitBatches_AddUpToOne() => Check(Batches, batch =>
    {
        var parts = batch.Chunk(3).Append([]).SelectMany(part => AggregateStage.Run(part, default, default).Forward);

        var whole = AggregateStage.Run(batch, default, default).Forward;

        Sums(parts).Should().BeEquivalentTo(Sums(whole));
    });

    private static void Check(Arbitrary<NormalizedError[]> batches, Action<NormalizedError[]> property) =>
        Prop.ForAll(batches, property).QuickCheckThrowOnFailure();

    private static NormalizedError[] Number(NormalizedError[] errors)
    {
        var next = 0;
        return [.. errors.Select(e => e with { Occurrences = [.. e.Occurrences.Select(o => o with { EventId = Some.EventId(next++) })] })];
    }

    private static Dictionary<string, long> Sums(IEnumerable<IssueDelta> deltas)
    {
        var sums = new Dictionary<string, long>();
        foreach (var delta in deltas)
        {
            Add(delta.Grouping.Fingerprint, delta.Count);
            foreach (var hour in delta.Hours)
                Add($"{delta.Grouping.Fingerprint} {hour.Hour} {hour.Environment}", hour.Count);
            foreach (var facet in delta.Facets)
                Add($"{delta.Grouping.Fingerprint} {facet.Dimension} {facet.Value}", facet.Count);
        }

        return sums;

        void Add(string key, long count) => sums[key] = sums.GetValueOrDefault(key) + count;
    }

    private static string Json(IssueDelta delta) => System.Text.Json.JsonSerializer.Serialize(new DeltaBatch { Issues = [delta] }, ContractsJson.Default.DeltaBatch);
}

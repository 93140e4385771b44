using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

[TestFixture]
internal sealed class DeltaStreamTests : OnRedis
{
    [Test]
    public async Task Trim_BehindTheCursor_CountsStored()
    {
        await FillAsync(3);
        var entries = await Deltas.ReadAfterAsync(StreamId.Zero, 10);

        await Deltas.TrimAsync(entries[1].Id);
        await Deltas.TrimAsync(entries[1].Id);

        (await EntriesAsync(Lane.Deltas)).Select(e => e.Id).Should().Equal(entries[2].Id);
        (await Ledger.ReadAsync(Lane)).Totals[Outcome.Stored].Should().Be(2);
        await BalancedAsync();
    }

    [Test]
    public async Task Trim_RefusedEvents_AreCountedAsDead()
    {
        await FillAsync(3);
        var entries = await Deltas.ReadAfterAsync(StreamId.Zero, 10);

        await Deltas.TrimAsync(entries[2].Id, refusedEvents: 1);

        var totals = (await Ledger.ReadAsync(Lane)).Totals;
        totals[Outcome.Stored].Should().Be(2);
        totals[Outcome.Dead].Should().Be(1);
        await BalancedAsync();
    }

    [Test]
    public async Task DrainOutcomes_Counted_AreOneEntryOfDeltas()
    {
        await FillAsync(1);
        await Deltas.TrimAsync(new(ulong.MaxValue, 0));
        await Forwarding.CountAsync(Lane, [new(2, Minute, Outcome.FilteredPrefix + "a \"quoted\" reason", 7)]);

        (await Deltas.DrainOutcomesAsync()).Should().Be(2);
        (await Deltas.DrainOutcomesAsync()).Should().Be(0);

        var entry = (await Deltas.ReadAfterAsync(StreamId.Zero, 10)).Should().ContainSingle().Subject;
        entry.Events.Should().Be(0);
        var batch = JsonSerializer.Deserialize(entry.Data, ContractsJson.Default.DeltaBatch)!;
        batch.Outcomes.Should().BeEquivalentTo(new OutcomeCount[]
        {
            new(Project, Minute, Outcome.Accepted, 1), new(2, Minute, "filtered:a \"quoted\" reason", 7),
        });
        batch.Issues.Should().BeEmpty();
        await BalancedAsync();
    }

    [Test]
    public async Task DrainOutcomes_MoreThanFitOneEntry_KeepsTheRest()
    {
        await Deltas.PublishFloorAsync(StreamId.Zero);
        await Forwarding.CountAsync(Lane, [.. Enumerable.Range(1, 25).Select(p => new OutcomeCount(p, Minute, Outcome.Suppressed, p))]);

        (await Deltas.DrainOutcomesAsync(10)).Should().Be(10);
        (await Deltas.DrainOutcomesAsync(10)).Should().Be(10);
        (await Deltas.DrainOutcomesAsync(10)).Should().Be(5);

        var batches = (await EntriesAsync(Lane.Deltas)).Select(e => JsonSerializer.Deserialize(e.Data, ContractsJson.Default.DeltaBatch)!);
        batches.SelectMany(b => b.Outcomes).Sum(o => o.Count).Should().Be(325);
    }

    [Test]
    public async Task PublishFloor_EmptyRedis_MakesNewIdsComeAfter()
    {
        var ahead = new StreamId((ulong)DateTimeOffset.Parse("2090-01-01", null).ToUnixTimeMilliseconds(), 0);

        var answer = await Deltas.PublishFloorAsync(ahead);

        answer.Should().Be(new FloorAnswer(true, StreamId.Zero) { Doubt = new((long)ahead.Ms - 600_000, 0, "Redis lost its data") });
        (await EntriesAsync(Lane.Deltas)).Should().BeEmpty();
        await BalancedAsync();
    }

    [Test]
    public async Task PublishFloor_AfterARollbackThatNewEntriesHide_PutsTheTimeSinceThenInDoubt()
    {
        await FillAsync(3);
        var entries = await Deltas.ReadAfterAsync(StreamId.Zero, 10);
        await Deltas.TrimAsync(entries[0].Id);
        await Deltas.PublishFloorAsync(entries[0].Id);

        // The store has committed the second; Redis forgets that it ever had it, and a third comes before the writer looks.
        await Redis.ExecuteAsync("XDEL", (RedisKey)Lane.Deltas, entries[1].Id.ToString());
        var answer = await Deltas.PublishFloorAsync(entries[1].Id);

        answer.Should().Be(new FloorAnswer(true, entries[0].Id) { Doubt = new((long)entries[0].Id.Ms, 0, "Redis fell back to an older state") });
        (await Deltas.PublishFloorAsync(entries[1].Id)).FellBack.Should().BeFalse();
    }

    [Test]
    public async Task PublishFloor_OfAWriterThatDiedBetweenCommitAndTrimOrAfterIt_PutsNothingInDoubt()
    {
        await FillAsync(3);
        var entries = await Deltas.ReadAfterAsync(StreamId.Zero, 10);

        (await Deltas.PublishFloorAsync(entries[0].Id)).FellBack.Should().BeFalse();
        await Deltas.TrimAsync(entries[1].Id);
        (await Deltas.PublishFloorAsync(entries[1].Id)).FellBack.Should().BeFalse();
        // Of a writer that stood still meanwhile.
        (await Deltas.PublishFloorAsync(entries[0].Id)).FellBack.Should().BeFalse();
        (await Deltas.PublishFloorAsync(entries[1].Id)).Should().Be(new FloorAnswer(false, entries[2].Id));
    }

    [Test]
    public async Task Commands_SentReadTrimmed_InOrder()
    {
        var commands = new CommandStream(Redis);
        var first = await commands.SendAsync(Some("a"));
        var second = await commands.SendAsync(Some("b"));

        var entries = await commands.ReadAfterAsync(StreamId.Zero, 10);
        entries.Select(e => e.Id).Should().Equal(first, second);
        JsonSerializer.Deserialize(entries[0].Data, ContractsJson.Default.StoreCommand).Should().Be(Some("a"));

        await commands.TrimAsync(first);
        (await commands.ReadAfterAsync(StreamId.Zero, 10)).Select(e => e.Id).Should().Equal(second);
    }

    [Test]
    public async Task Commands_AfterFlushAll_NewOnesComeAfterTheCursor()
    {
        var commands = new CommandStream(Redis);
        var ahead = new StreamId((ulong)DateTimeOffset.Parse("2090-01-01", null).ToUnixTimeMilliseconds(), 3);

        (await commands.RepairAsync(ahead)).Should().BeTrue();
        await commands.SendAsync(Some("a"));

        (await commands.ReadAfterAsync(ahead, 10)).Should().ContainSingle();
    }

    private static StoreCommand Some(string id) => new() { Id = id, Kind = CommandKind.Resolve, IssueId = 3, At = 5 };

    private async Task FillAsync(int entries)
    {
        await Deltas.PublishFloorAsync(StreamId.Zero);
        for (var i = 0; i < entries; i++)
        {
            await Forwarding.ForwardAsync(Lane, Batch(i, i + 1));
            var entry = (await Group(Lane.Raw).ReadNewAsync(1))[0];
            await Hops.HopAsync(Lane, new() { Input = Lane.Raw, Consumer = "c1", Inputs = [entry.Id], Output = Lane.Deltas, Outputs = [Payload(1)] });
        }
    }
}

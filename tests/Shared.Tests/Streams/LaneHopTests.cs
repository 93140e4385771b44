using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

[TestFixture]
internal sealed class LaneHopTests : OnRedis
{
    [Test]
    public async Task Hop_OwnEntry_MovesItsEvents()
    {
        var entry = await ReadOneAsync(events: 4);

        var answer = await Hops.HopAsync(Lane, ToUnique(entry) with
        {
            Outputs = [Payload(3)],
            Outcomes = [new(Project, Minute, Outcome.Duplicate, 1)],
        });

        answer.Status.Should().Be(HopStatus.Moved);
        (await EntriesAsync(Lane.Raw)).Should().BeEmpty();
        (await EntriesAsync(Lane.Unique)).Should().ContainSingle().Which.Events.Should().Be(3);
        (await Ledger.ReadAsync(Lane)).Totals[Outcome.Duplicate].Should().Be(1);
        await BalancedAsync();
    }

    [Test]
    public async Task Hop_Repeated_IsLostAndHasNoEffect()
    {
        var entry = await ReadOneAsync(events: 4);
        await Hops.HopAsync(Lane, ToUnique(entry));

        var answer = await Hops.HopAsync(Lane, ToUnique(entry));

        answer.Status.Should().Be(HopStatus.Lost);
        answer.LostInputs.Should().Equal(entry.Id);
        (await EntriesAsync(Lane.Unique)).Should().ContainSingle();
        await BalancedAsync();
    }

    [Test]
    public async Task Hop_OneOfTwoEntriesLost_MovesNeither()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 1));
        await Forwarding.ForwardAsync(Lane, Batch(1, 2));
        var entries = await Group(Lane.Raw, "slow").ReadNewAsync(10);
        await Redis.ExecuteAsync("XCLAIM", (RedisKey)Lane.Raw, StreamGroup.Name, "thief", 0, entries[0].Id.ToString());

        var answer = await Hops.HopAsync(Lane, ToUnique([.. entries]) with { Consumer = "slow", Outputs = [Payload(2)] });

        answer.Status.Should().Be(HopStatus.Lost);
        answer.LostInputs.Should().Equal(entries[0].Id);
        (await EntriesAsync(Lane.Raw)).Should().HaveCount(2);
        (await EntriesAsync(Lane.Unique)).Should().BeEmpty();
    }

    [Test]
    public async Task Hop_TwoConsumersStealingFromEachOther_EveryEffectHappensOnce([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        const int records = 60;
        for (var i = 0; i < records; i++)
            await Forwarding.ForwardAsync(Lane, Batch(i, i + 1));

        async Task WorkAsync(string consumer, Random mine)
        {
            var group = Group(Lane.Raw, consumer);
            while ((await EntriesAsync(Lane.Raw)).Count > 0)
            {
                var entries = mine.Next(3) == 0 ? await group.ReadNewAsync(5) : await group.ReclaimAsync(TimeSpan.Zero, mine.Next(1, 9));
                if (entries.Count == 0)
                    continue;
                if (mine.Next(2) == 0)
                    await Task.Yield();
                await Hops.HopAsync(Lane, ToUnique([.. entries]) with
                {
                    Consumer = consumer,
                    Outputs = [.. entries.Select(e => new StreamPayload(1, e.Events, e.Data))],
                });
            }
        }

        await Task.WhenAll(WorkAsync("a", new(random.Next())), WorkAsync("b", new(random.Next())), WorkAsync("c", new(random.Next())));

        var moved = (await EntriesAsync(Lane.Unique)).Select(e => int.Parse(System.Text.Encoding.UTF8.GetString(e.Data), null));
        moved.Should().BeEquivalentTo(Enumerable.Range(1, records));
        await BalancedAsync();
    }

    [Test]
    public async Task Hop_EventSeenBefore_DoesNothingAndNamesIt()
    {
        var one = EventIdentity.Of(Project, "one");
        var first = await ReadOneAsync(events: 1);
        await Hops.HopAsync(Lane, ToUnique(first) with { Remember = [one], Outputs = [Payload(1)] });
        await Forwarding.ForwardAsync(Lane, Batch(1, 2));
        var second = (await Group(Lane.Raw).ReadNewAsync(1))[0];

        var answer = await Hops.HopAsync(Lane, ToUnique(second) with { Remember = [EventIdentity.Of(Project, "two"), one] });

        answer.Status.Should().Be(HopStatus.Seen);
        answer.SeenEvents.Should().Equal(one);
        (await EntriesAsync(Lane.Raw)).Should().ContainSingle();
    }

    [Test]
    public async Task Hop_ToDeltasWithoutFloor_Waits()
    {
        var entry = await ReadOneAsync(events: 1);

        (await Hops.HopAsync(Lane, ToDeltas(entry))).Status.Should().Be(HopStatus.BelowFloor);
        await Deltas.PublishFloorAsync(StreamId.Zero);
        (await Hops.HopAsync(Lane, ToDeltas(entry))).Status.Should().Be(HopStatus.Moved);
        await BalancedAsync();
    }

    [Test]
    public async Task Hop_CursorAheadOfRedis_WaitsUntilTheStreamIsLifted()
    {
        var entry = await ReadOneAsync(events: 1);
        var ahead = new StreamId((ulong)DateTimeOffset.Parse("2090-01-01", null).ToUnixTimeMilliseconds(), 5);
        await Redis.SetAsync(Lane.Floor, ahead.ToString());

        (await Hops.HopAsync(Lane, ToDeltas(entry))).Status.Should().Be(HopStatus.BelowFloor);
        (await Deltas.PublishFloorAsync(ahead)).FellBack.Should().BeTrue();
        (await Deltas.PublishFloorAsync(ahead)).FellBack.Should().BeFalse();
        (await Hops.HopAsync(Lane, ToDeltas(entry))).Status.Should().Be(HopStatus.Moved);

        (await Deltas.ReadAfterAsync(ahead, 10)).Should().ContainSingle().Which.Id.Should().Be(ahead with { Seq = 6 });
        await BalancedAsync();
    }

    [Test]
    public async Task Hop_AtMaxMemory_Drains()
    {
        var entry = await ReadOneAsync(events: 2);
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        var answer = await Hops.HopAsync(Lane, ToUnique(entry) with
        {
            Outputs = [Payload(2)],
            Remember = [EventIdentity.Of(Project, "e")],
        });

        answer.Status.Should().Be(HopStatus.Moved);
        await BalancedAsync();
    }

    [Test]
    public async Task Hop_AfterFlushAll_IsLostAndTheGroupIsMadeAgain()
    {
        var entry = await ReadOneAsync(events: 1);
        await Redis.ExecuteAsync("FLUSHALL");

        (await Hops.HopAsync(Lane, ToUnique(entry))).Status.Should().Be(HopStatus.Lost);
        await Forwarding.ForwardAsync(Lane, Batch(1, 2, adopt: true));
        (await Group(Lane.Raw).ReadNewAsync(1)).Should().ContainSingle();
    }

    [Test]
    public async Task Hop_Suspects_GoBackSetApart()
    {
        var entry = await ReadOneAsync(events: 3);

        await Hops.HopAsync(Lane, ToUnique(entry) with { Outputs = [Payload(2)], Suspects = [Payload(1, "suspect")] });

        var back = (await Group(Lane.Raw).ReadNewAsync(10)).Should().ContainSingle().Subject;
        back.IsSuspect.Should().BeTrue();
        back.Events.Should().Be(1);
        await BalancedAsync();
    }

    private async Task<StreamEntry> ReadOneAsync(int events)
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, events));
        return (await Group(Lane.Raw).ReadNewAsync(1)).Single();
    }

    private static Hop ToUnique(params StreamEntry[] entries) => new()
    {
        Input = Lane.Raw,
        Consumer = "c1",
        Inputs = [.. entries.Select(e => e.Id)],
        Output = Lane.Unique,
        Outputs = [Payload(entries.Sum(e => e.Events))],
    };

    private static Hop ToDeltas(StreamEntry entry) => ToUnique(entry) with { Output = Lane.Deltas };
}

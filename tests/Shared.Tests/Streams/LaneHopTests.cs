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
    public async Task Hop_MoreEventsThanTheBudget_ForgetsOnlyTheOldest()
    {
        var hops = new LaneHop(Redis, new(TimeSpan.FromHours(24), Budget: 40));
        for (var i = 0; i < 100; i++)
        {
            await Forwarding.ForwardAsync(Lane, Batch(i, i + 1));
            var entry = (await Group(Lane.Raw).ReadNewAsync(1))[0];
            await hops.HopAsync(Lane, ToUnique(entry) with { Outputs = [Payload(1)], Remember = [EventIdentity.Of(Project, $"{i}")] });
        }

        var known = await SeenAsync(Enumerable.Range(0, 100));

        known.Should().Equal(Enumerable.Range(40, 60).Select(i => EventIdentity.Of(Project, $"{i}")), "the generation before the newest is whole");
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

    [Test]
    public async Task Hop_ManyMessages_FitsOneScript()
    {
        var entry = await ReadOneAsync(events: 9000);
        var remember = Enumerable.Range(0, 9000).Select(i => EventIdentity.Of(Project, $"{i}")).ToList();

        (await Hops.HopAsync(Lane, ToUnique(entry) with { Outputs = [Payload(9000)], Remember = remember })).Status.Should().Be(HopStatus.Moved);

        (await SeenAsync(Enumerable.Range(0, 9000))).Should().Equal(remember);
    }

    [Test]
    public async Task Hop_ManyEvents_TakesTenBytesOfRedisEach()
    {
        const int events = 500_000;
        var hops = new LaneHop(Redis, new(TimeSpan.FromHours(24), events));
        var before = await UsedMemoryAsync();

        foreach (var some in Enumerable.Range(0, events).Chunk(5000))
            await hops.HopAsync(Lane, Remembering(some[0], some.Length));

        ((await UsedMemoryAsync() - before) / (double)events).Should().BeInRange(8, 12);
        (await SeenAsync(Enumerable.Range(0, events))).Should().HaveCount(events);
    }

    [Test]
    public async Task Hop_SmallerBudgetThanBefore_LeavesNoSetBehind()
    {
        for (var i = 0; i < 40; i++)
        {
            var hops = new LaneHop(Redis, new(TimeSpan.FromHours(24), Budget: i < 20 ? 2000 : 200));
            await hops.HopAsync(Lane, Remembering(i * 1000, 1000));
        }

        var known = await SeenAsync(Enumerable.Range(0, 40_000));
        var sets = (string[])(await Redis.ExecuteAsync("KEYS", Lane.Seen + ":*"))!;

        known.Should().HaveCount(2000, "a generation is closed by the first hop that finds it full");
        sets.Should().HaveCount(2);
    }

    [Test]
    public async Task Hop_GenerationsOfDifferentBudgets_KnowsTheEventsOfBoth()
    {
        var (small, large) = (new LaneHop(Redis, new(TimeSpan.FromHours(24), 100)), new LaneHop(Redis, new(TimeSpan.FromHours(24), 5000)));

        await small.HopAsync(Lane, Remembering(0, 100));
        await large.HopAsync(Lane, Remembering(100, 4000));
        await large.HopAsync(Lane, Remembering(4100, 1000));

        (await SeenAsync(Enumerable.Range(0, 5100))).Should().HaveCount(5100);
    }

    [Test]
    public async Task Hop_WindowOver_ForgetsTheGenerationBeforeTheLast()
    {
        var hops = new LaneHop(Redis, new(TimeSpan.Zero, 1_000_000));
        for (var i = 0; i < 5; i++)
            await hops.HopAsync(Lane, Remembering(i, 1));

        (await SeenAsync(Enumerable.Range(0, 5))).Should().Equal(Remembering(3, 2).Remember);
    }

    [Test]
    public async Task Hop_KeyOfWhatWasSeenDeleted_ForgetsAllAndRemembersAnew()
    {
        await Hops.HopAsync(Lane, Remembering(0, 1000));

        await Redis.ExecuteAsync("DEL", (RedisKey)Lane.Seen);
        var again = await Hops.HopAsync(Lane, Remembering(0, 1000));

        again.Status.Should().Be(HopStatus.Moved);
        (await SeenAsync(Enumerable.Range(0, 1000))).Should().HaveCount(1000);
    }

    private static Hop Remembering(int from, int count) => ToUnique() with
    {
        Remember = [.. Enumerable.Range(from, count).Select(i => EventIdentity.Of(Project, $"{i}"))],
    };

    /// <summary>Which of the events with these numbers the lane remembers; it remembers the others from now on.</summary>
    private async Task<IReadOnlyList<EventIdentity>> SeenAsync(IEnumerable<int> numbers)
    {
        var seen = new List<EventIdentity>();
        foreach (var some in numbers.Chunk(5000))
        {
            var answer = await Hops.HopAsync(Lane, Remembering(some[0], some.Length));
            seen.AddRange(answer.SeenEvents);
        }

        return seen;
    }

    private async Task<long> UsedMemoryAsync()
    {
        var memory = (string)(await Redis.ExecuteAsync("INFO", "memory"))!;
        return long.Parse(memory.Split("used_memory:")[1].Split('\r')[0], null);
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

using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

/// <summary>What a lane remembers of the events that it has seen.</summary>
[TestFixture]
internal sealed class SeenEventsTests : OnRedis
{
    [Test]
    public async Task Hop_MoreEventsThanTheBudget_ForgetsOnlyTheOldest()
    {
        var hops = new LaneHop(Redis, new(TimeSpan.FromHours(24), Budget: 40));
        for (var i = 0; i < 100; i++)
        {
            await Forwarding.ForwardAsync(Lane, Batch(i, i + 1));
            var entry = (await Group(Lane.Raw).ReadNewAsync(1))[0];
            await hops.HopAsync(Lane, Remembering(i, 1) with { Inputs = [entry.Id], Outputs = [Payload(1)] });
        }

        var known = await SeenAsync(Enumerable.Range(0, 100));

        known.Should().Equal(Enumerable.Range(40, 60).Select(i => EventIdentity.Of(Project, $"{i}")), "the generation before the newest is whole");
    }

    [Test]
    public async Task Hop_ManyMessages_FitsOneScript()
    {
        await Forwarding.ForwardAsync(Lane, Batch(0, 9000));
        var entry = (await Group(Lane.Raw).ReadNewAsync(1)).Single();
        var hop = Remembering(0, 9000) with { Inputs = [entry.Id], Outputs = [Payload(9000)] };

        (await Hops.HopAsync(Lane, hop)).Status.Should().Be(HopStatus.Moved);

        (await SeenAsync(Enumerable.Range(0, 9000))).Should().Equal(hop.Remember);
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

        var told = (await new LaneLedger(Redis).ReadAsync(Lane)).SeenEvents;
        var known = await SeenAsync(Enumerable.Range(0, 40_000));
        var sets = (string[])(await Redis.ExecuteAsync("KEYS", Lane.Seen + ":*"))!;

        known.Should().HaveCount(2000, "a generation is closed by the first hop that finds it full");
        sets.Should().HaveCount(2);
        told.Should().Be(known.Count);
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

    /// <summary>A hop of nothing, that only writes down these events.</summary>
    private static Hop Remembering(int from, int count) => new()
    {
        Input = Lane.Raw,
        Consumer = "c1",
        Inputs = [],
        Output = Lane.Unique,
        Remember = [.. Enumerable.Range(from, count).Select(i => EventIdentity.Of(Project, $"{i}"))],
    };

    /// <summary>Which of the events with these numbers the lane remembers. Where it knows none of some thousands, it remembers those from now on.</summary>
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
}

using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Tests.Pumping;

[TestFixture]
internal sealed class BatchPumpTests : OnOnePump
{
    [Test]
    public async Task Pump_NewEntries_ComeOutOnceAndDuplicatesAreCounted()
    {
        Rig.Start();
        await Rig.SendAsync(Some.Raw(1, "a"), Some.Raw(2, "b"), Some.Raw(1, "a"));
        await Rig.SendAsync(Some.Raw(2, "b"), Some.Raw(3, "c"));

        await Rig.UntilAsync(r => Events(r, "raw") == 0);

        (await Rig.PassedAsync()).Should().BeEquivalentTo(Some.EventId(1), Some.EventId(2), Some.EventId(3));
        (await Rig.ReadAsync()).Totals[Outcome.Duplicate].Should().Be(2);
        await Rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_Idle_IsWokenSoonerThanItPolls()
    {
        Rig.Start();
        await Rig.SendAsync(Some.Raw(1, "a"));
        await Rig.UntilAsync(r => Events(r, "raw") == 0);

        // Five in a row: with polling alone that takes about 2.5 s on average and never under 1.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 2; i < 12; i++)
        {
            await Rig.SendAsync(Some.Raw(i, "a"));
            await Rig.UntilAsync(r => Events(r, "raw") == 0);
        }

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(4));
    }

    [Test]
    public async Task Pump_BulkAndRaw_BothFlow()
    {
        for (var i = 0; i < 20; i++)
        {
            await Rig.SendAsync(bulk: true, Some.Raw(100 + i, "bulk"));
            await Rig.SendAsync(Some.Raw(i, "raw"));
        }

        Rig.Start(new() { BatchEvents = 1 });
        await Rig.UntilAsync(r => Events(r, "raw") + Events(r, "raw-bulk") == 0);

        // The first four batches are raw, raw, raw, bulk, whatever waits in bulk.
        var passed = await Rig.PassedAsync();
        passed.Should().HaveCount(40);
        passed.Take(4).Should().Equal(Some.EventId(0), Some.EventId(1), Some.EventId(2), Some.EventId(100));
    }

    [Test]
    public async Task Pump_BulkAndRaw_AreTakenInOneTurnBeforeItGathers()
    {
        await Rig.SendAsync(bulk: true, Some.Raw(1, "bulk"));
        await Rig.SendAsync(Some.Raw(2, "raw"));

        Rig.Start(clock: new EndlessWaits());

        await Rig.UntilAsync(r => Events(r, "raw") + Events(r, "raw-bulk") == 0);
        (await Rig.PassedAsync()).Should().Equal(Some.EventId(2), Some.EventId(1));
    }

    [Test]
    public async Task Pump_FlushAll_GroupsAreMadeAgain()
    {
        Rig.Start();
        await Rig.SendAsync(Some.Raw(1, "a"));
        await Rig.UntilAsync(r => Events(r, "raw") == 0);
        await Rig.Redis.ExecuteAsync("FLUSHALL");

        await using var after = new PumpRig(Server);
        await after.SendAsync(Some.Raw(2, "b"));

        await Rig.UntilAsync(r => Events(r, "raw") == 0);
        (await Rig.PassedAsync()).Should().Equal(Some.EventId(2));
        await Rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_RedisRestartsUnderIt_GoesOn()
    {
        await using var server = await RedisServer.StartAsync();
        await using var rig = new PumpRig(server);
        rig.Start();
        await rig.SendAsync(Some.Raw(1, "a"));
        await rig.UntilAsync(r => Events(r, "raw") == 0);

        await server.Kill9Async();
        await server.StartAgainAsync();
        await Deadline.Until(
            async () =>
            {
                try
                {
                    await rig.Redis.PingAsync();
                    return true;
                }
                catch (RedisUnavailableException)
                {
                    return false;
                }
            },
            PumpRig.Patience);
        await rig.SendAsync(Some.Raw(2, "b"), Some.Raw(1, "a"));

        await rig.UntilAsync(r => Events(r, "raw") == 0);
        (await rig.PassedAsync()).Should().BeEquivalentTo(Some.EventId(1), Some.EventId(2));
        await rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_AtMaxMemory_Drains()
    {
        for (var i = 0; i < 20; i++)
            await Rig.SendAsync(Some.Raw(i, "a"), Some.Raw(100 + i, "b"));
        // The group must be there: making it is refused at the limit.
        await new StreamGroup(Rig.Redis, PumpRig.Lane.RawBulk, "c1").ReadNewAsync(1);
        await new StreamGroup(Rig.Redis, PumpRig.Lane.Raw, "other").ReclaimAsync(TimeSpan.FromHours(1), 1);
        await Rig.Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        Rig.Start();

        await Rig.UntilAsync(r => Events(r, "raw") == 0);
        (await Rig.PassedAsync()).Should().HaveCount(40);
        await Rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_TwoAtOnce_DoubleNothing()
    {
        for (var i = 0; i < 100; i++)
            await Rig.SendAsync(Some.Raw(i, "a"), Some.Raw(i + 1, "a"));

        var options = new PumpOptions { ReclaimAfterSeconds = 0.1, BatchEvents = 3 };
        Rig.Start(options, "c1");
        Rig.Start(options, "c2");

        await Rig.UntilAsync(r => Events(r, "raw") == 0);
        var passed = await Rig.PassedAsync();
        passed.Should().OnlyHaveUniqueItems().And.HaveCount(101);
        await Rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_Stopped_LeavesNothingHalfDone()
    {
        for (var i = 0; i < 50; i++)
            await Rig.SendAsync(Some.Raw(i, "a"));
        Rig.Start(new() { BatchEvents = 1 });
        await Deadline.Until(async () => (await Rig.PassedAsync()).Count > 3, PumpRig.Patience);

        await Rig.StopAsync();

        var reading = await Rig.ReadAsync();
        reading.Streams.Sum(s => s.Pending).Should().Be(0);
        await Rig.BalancedAsync();
    }

    /// <summary>A clock by which no wait ever ends.</summary>
    private sealed class EndlessWaits : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}

using ErrorPipeline.PoisonWorker;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Pumping;
using StackExchange.Redis;

namespace ErrorPipeline.Workers.Tests.Pumping;

[TestFixture]
internal sealed class BatchPumpTests
{
    private RedisServer _server = null!;
    private PumpRig _rig = null!;

    [OneTimeSetUp]
    public async Task StartRedis() => _server = await RedisServer.StartAsync(new() { AppendOnly = false });

    [OneTimeTearDown]
    public async Task StopRedis() => await _server.DisposeAsync();

    [SetUp]
    public async Task Prepare()
    {
        await _server.StartAgainAsync();
        _rig = new(_server);
        await _rig.Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await _rig.Redis.ExecuteAsync("FLUSHALL");
    }

    [TearDown]
    public async Task Stop() => await _rig.DisposeAsync();

    [Test]
    public async Task Pump_NewEntries_ComeOutOnceAndDuplicatesAreCounted()
    {
        _rig.Start();
        await _rig.SendAsync(Some.Raw(1, "a"), Some.Raw(2, "b"), Some.Raw(1, "a"));
        await _rig.SendAsync(Some.Raw(2, "b"), Some.Raw(3, "c"));

        await _rig.UntilAsync(r => Events(r, "raw") == 0);

        (await _rig.PassedAsync()).Should().BeEquivalentTo(Some.EventId(1), Some.EventId(2), Some.EventId(3));
        (await _rig.ReadAsync()).Totals[Outcome.Duplicate].Should().Be(2);
        await _rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_Idle_IsWokenSoonerThanItPolls()
    {
        _rig.Start();
        await _rig.SendAsync(Some.Raw(1, "a"));
        await _rig.UntilAsync(r => Events(r, "raw") == 0);

        // Five in a row: with polling alone that takes about 2.5 s on average and never under 1.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 2; i < 12; i++)
        {
            await _rig.SendAsync(Some.Raw(i, "a"));
            await _rig.UntilAsync(r => Events(r, "raw") == 0);
        }

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(4));
    }

    [Test]
    public async Task Pump_BulkAndRaw_BothFlow()
    {
        for (var i = 0; i < 20; i++)
        {
            await _rig.SendAsync(bulk: true, Some.Raw(100 + i, "bulk"));
            await _rig.SendAsync(Some.Raw(i, "raw"));
        }

        _rig.Start(new() { BatchEvents = 1 });
        await _rig.UntilAsync(r => Events(r, "raw") + Events(r, "raw-bulk") == 0);

        // The first four batches are raw, raw, raw, bulk, whatever waits in bulk.
        var passed = await _rig.PassedAsync();
        passed.Should().HaveCount(40);
        passed.Take(4).Should().Equal(Some.EventId(0), Some.EventId(1), Some.EventId(2), Some.EventId(100));
    }

    [Test]
    public async Task Pump_BulkAndRaw_AreTakenInOneTurnBeforeItGathers()
    {
        await _rig.SendAsync(bulk: true, Some.Raw(1, "bulk"));
        await _rig.SendAsync(Some.Raw(2, "raw"));

        _rig.Start(clock: new EndlessWaits());

        await _rig.UntilAsync(r => Events(r, "raw") + Events(r, "raw-bulk") == 0);
        (await _rig.PassedAsync()).Should().Equal(Some.EventId(2), Some.EventId(1));
    }

    [Test]
    public async Task Pump_ConsumerDiedWithEntries_TheyAreTakenOver()
    {
        await _rig.SendAsync(Some.Raw(1, "a"));
        (await new StreamGroup(_rig.Redis, PumpRig.Lane.Raw, "dead-one").ReadNewAsync(10)).Should().ContainSingle();

        _rig.Start();

        await _rig.UntilAsync(r => Events(r, "raw") == 0);
        (await _rig.PassedAsync()).Should().Equal(Some.EventId(1));
    }

    [Test]
    public async Task Pump_ConsumerHasGoneSilent_ItsEntriesAreTakenOverLongBeforeTheyAreIdle()
    {
        await _rig.SendAsync(Some.Raw(1, "a"));
        await new WorkerRoll(_rig.Redis).AnswerAsync("dead-one");
        (await new StreamGroup(_rig.Redis, PumpRig.Lane.Raw, "dead-one").ReadNewAsync(10)).Should().ContainSingle();
        await new WorkerRoll(_rig.Redis).LeaveAsync("dead-one");
        using var over = new CancellationTokenSource();

        var calling = _rig.Roll.RunAsync(over.Token);
        _rig.Start(new() { ReclaimAfterSeconds = 3600 });
        await Deadline.Until(async () => !(await _rig.Redis.ExecuteAsync("ZSCORE", (RedisKey)"ep:workers", "c1")).IsNull, PumpRig.Patience);
        _rig.Roll.Silent.Should().BeEmpty("it has not been heard of long enough itself");

        await _rig.UntilAsync(r => Events(r, "raw") == 0);
        (await _rig.PassedAsync()).Should().Equal(Some.EventId(1));
        await over.CancelAsync();
        await calling;
        (await new WorkerRoll(_rig.Redis).AnswerAsync("another")).Select(w => w.Consumer).Should().Contain("c1", "it has left");
    }

    [Test]
    public async Task Pump_SlowBatchOfALivingWorker_IsNotTakenOver()
    {
        await _rig.SendAsync(Some.Raw(1, "a"));
        var group = new StreamGroup(_rig.Redis, PumpRig.Lane.Raw, "slow");
        var entry = (await group.ReadNewAsync(1))[0];
        var idle = TimeSpan.FromSeconds(0.5);
        await using (new Claim(group, [entry.Id], idle, TimeProvider.System))
        {
            var thief = new StreamGroup(_rig.Redis, PumpRig.Lane.Raw, "thief");
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await Deadline.Until(
                async () =>
                {
                    (await thief.ReclaimAsync(idle, 10)).Should().BeEmpty();
                    return clock.Elapsed > 4 * idle;
                },
                PumpRig.Patience);
        }

        await Deadline.Until(async () => (await new StreamGroup(_rig.Redis, PumpRig.Lane.Raw, "thief").ReclaimAsync(idle, 10)).Count == 1, PumpRig.Patience);
    }

    [Test]
    public async Task Pump_FlushAll_GroupsAreMadeAgain()
    {
        _rig.Start();
        await _rig.SendAsync(Some.Raw(1, "a"));
        await _rig.UntilAsync(r => Events(r, "raw") == 0);
        await _rig.Redis.ExecuteAsync("FLUSHALL");

        await using var after = new PumpRig(_server);
        await after.SendAsync(Some.Raw(2, "b"));

        await _rig.UntilAsync(r => Events(r, "raw") == 0);
        (await _rig.PassedAsync()).Should().Equal(Some.EventId(2));
        await _rig.BalancedAsync();
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
            await _rig.SendAsync(Some.Raw(i, "a"), Some.Raw(100 + i, "b"));
        // The group must be there: making it is refused at the limit.
        await new StreamGroup(_rig.Redis, PumpRig.Lane.RawBulk, "c1").ReadNewAsync(1);
        await new StreamGroup(_rig.Redis, PumpRig.Lane.Raw, "other").ReclaimAsync(TimeSpan.FromHours(1), 1);
        await _rig.Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        _rig.Start();

        await _rig.UntilAsync(r => Events(r, "raw") == 0);
        (await _rig.PassedAsync()).Should().HaveCount(40);
        await _rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_UnknownVersion_IsParkedAndComesBackWithANewBuild()
    {
        await _rig.SendAsync(Some.Raw(1, "a"));
        var entry = (RedisResult[])((RedisResult[])await _rig.Redis.ExecuteAsync("XRANGE", (RedisKey)PumpRig.Lane.Raw, "-", "+"))[0];
        var payload = (byte[])((RedisValue[])entry[1])[5]!;
        payload[4] = 2; // the message's own version
        await _rig.SendBytesAsync(payload, 1);
        _rig.Start();

        await _rig.UntilAsync(r => Events(r, "parked") == 1 && Events(r, "raw") == 0);
        await _rig.BalancedAsync();
        (await new ParkedEntries(_rig.Redis).ReturnAsync(PumpRig.Lane, PumpRig.Lane.Raw, 1)).Should().Be(0);
        await _rig.StopAsync();

        (await new ParkedEntries(_rig.Redis).ReturnAsync(PumpRig.Lane, PumpRig.Lane.Raw, 2)).Should().Be(1);
        var reading = await _rig.ReadAsync();
        Events(reading, "raw").Should().Be(1);
        Events(reading, "parked").Should().Be(0);
        await _rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_TornEntry_IsDeadWithItsBytesCountedByItsEvents()
    {
        _rig.Start();
        await _rig.SendBytesAsync([9, 9, 9, 9, 9], 7);
        await _rig.SendAsync(Some.Raw(1, "a"));

        await _rig.UntilAsync(r => Events(r, "raw") == 0);

        var kept = (await _rig.Dead.ListAsync(PumpRig.Lane, 10)).Should().ContainSingle().Subject.Letter;
        kept.Payload.Events.Should().Be(7);
        kept.Payload.Data.Should().Equal(9, 9, 9, 9, 9);
        (await _rig.ReadAsync()).Totals[Outcome.Dead].Should().Be(7);
        (await _rig.PassedAsync()).Should().Equal(Some.EventId(1));
        await _rig.BalancedAsync();
    }

    [TestCase(PoisonStage.Throws, "poison")]
    [TestCase(PoisonStage.LosesAnEvent, "conservation")]
    public async Task Pump_MessageThatFails_IsDeadAfterFiveLoneAttemptsAndItsNeighboursPass(string poison, string reason)
    {
        _rig.Start();
        await _rig.SendAsync(Some.Raw(1, "a"), Some.Raw(2, poison), Some.Raw(3, "c"));
        await _rig.SendAsync(Some.Raw(4, "d"));

        await _rig.UntilAsync(r => r.DeadLetters == 1);

        var kept = (await _rig.Dead.ListAsync(PumpRig.Lane, 10))[0].Letter;
        kept.EventId.Should().Be(Some.EventId(2));
        kept.Error.Should().Contain(reason);
        (await _rig.PassedAsync()).Should().BeEquivalentTo(Some.EventId(1), Some.EventId(3), Some.EventId(4));
        ((long)await _rig.Redis.ExecuteAsync("HLEN", (RedisKey)PumpRig.Lane.Key("attempts"))).Should().Be(0);
        await _rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_MoreThanAFewWouldDie_StopsAndSaysSo()
    {
        _rig.Start(new() { ReclaimAfterSeconds = 0.5, DeadPerMinute = 2, Attempts = 1 });
        await _rig.SendAsync([.. Enumerable.Range(0, 6).Select(i => Some.Raw(i, PoisonStage.Throws))]);

        await Deadline.Until(
            async () => (await _rig.Board.CheckHealthAsync(new())).Status == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy,
            PumpRig.Patience);

        (await _rig.ReadAsync()).DeadLetters.Should().BeLessThanOrEqualTo(2);
        (await _rig.Board.CheckHealthAsync(new())).Description.Should().Contain("would die within a minute");
        await _rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_TwoAtOnce_DoubleNothing()
    {
        for (var i = 0; i < 100; i++)
            await _rig.SendAsync(Some.Raw(i, "a"), Some.Raw(i + 1, "a"));

        var options = new PumpOptions { ReclaimAfterSeconds = 0.1, BatchEvents = 3 };
        _rig.Start(options, "c1");
        _rig.Start(options, "c2");

        await _rig.UntilAsync(r => Events(r, "raw") == 0);
        var passed = await _rig.PassedAsync();
        passed.Should().OnlyHaveUniqueItems().And.HaveCount(101);
        await _rig.BalancedAsync();
    }

    [Test]
    public async Task Pump_Stopped_LeavesNothingHalfDone()
    {
        for (var i = 0; i < 50; i++)
            await _rig.SendAsync(Some.Raw(i, "a"));
        _rig.Start(new() { BatchEvents = 1 });
        await Deadline.Until(async () => (await _rig.PassedAsync()).Count > 3, PumpRig.Patience);

        await _rig.StopAsync();

        var reading = await _rig.ReadAsync();
        reading.Streams.Sum(s => s.Pending).Should().Be(0);
        await _rig.BalancedAsync();
    }

    private static long Events(LaneReading reading, string stream) => reading.Streams.Single(s => s.Name == stream).Events;

    /// <summary>A clock by which no wait ever ends.</summary>
    private sealed class EndlessWaits : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}

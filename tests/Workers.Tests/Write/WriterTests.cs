using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Aggregate;
using ErrorPipeline.Workers.Write;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErrorPipeline.Workers.Tests.Write;

public sealed class WriterTests
{
    private static readonly Lane First = new(0);
    private static readonly Lane Second = new(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private WriterRig _rig = null!;

    [SetUp]
    public async Task SetUp() => _rig = await WriterRig.StartAsync();

    [TearDown]
    public async Task TearDown() => await _rig.DisposeAsync();

    [Test]
    public async Task Writer_DeltasOfAllLanes_AreCountedTrimmedAndBalanced()
    {
        await _rig.StartWriterAsync();

        for (var n = 0; n < 100; n++)
            await _rig.EmitAsync(new(n % 2), 3);

        await _rig.UntilStoredAsync(300);
        await _rig.BalancedAndEmptyAsync();
        (await _rig.StoredEventsAsync()).Should().Be(300);
        (await _rig.LedgerAsync(First)).Totals[Outcome.Stored].Should().Be(150);
    }

    [Test]
    public async Task Writer_OutcomesOfHops_LandOnce()
    {
        await _rig.StartWriterAsync();
        for (var n = 0; n < 20; n++)
            await _rig.EmitAsync(new(n % 2), 5);
        await _rig.UntilStoredAsync(100);

        await Deadline.Until(async () => await SumAsync(Outcome.Accepted) >= 100, Patience);
        (await SumAsync(Outcome.Accepted)).Should().Be(100);
        (await SumAsync(Outcome.Stored)).Should().Be(100);
        await _rig.BalancedAndEmptyAsync();
    }

    [Test]
    public async Task LaneWriter_LeaderThatWasPaused_HasNoEffectWhenItWakesUp()
    {
        var (paused, active) = (await LeadAsync("paused"), await LeadAsync("active"));
        await _rig.EmitAsync(First, 7);
        await active.ApplyAsync();
        await _rig.EmitAsync(First, 2);

        // It still reads from where it stood, which is before what was counted.
        await paused.Invoking(p => p.ApplyAsync()).Should().ThrowAsync<FencedException>();

        (await _rig.StoredEventsAsync()).Should().Be(7);
        await active.ApplyAsync();
        (await _rig.StoredEventsAsync()).Should().Be(9);
        (await _rig.LedgerAsync(First)).IsBalanced.Should().BeTrue();
    }

    [Test]
    public async Task Writer_CrashBetweenCommitAndTrim_CountsOnce()
    {
        await _rig.PublishFloorsAsync();
        await _rig.EmitAsync(First, 4);
        var token = await _rig.Store.TakeLeadershipAsync("crashed", default);
        var read = DeltaReading.Deltas(await new DeltaStream(_rig.Redis, First).ReadAfterAsync(StreamId.Zero, 10));
        await _rig.Store.ApplyAsync(token, First.Name, StreamId.Zero, read.Entries, default);

        await _rig.StartWriterAsync();

        await _rig.BalancedAndEmptyAsync();
        (await _rig.StoredEventsAsync()).Should().Be(4);
        (await _rig.LedgerAsync(First)).Totals[Outcome.Stored].Should().Be(4);
    }

    [Test]
    public async Task Writer_CrashBetweenRefusalAndTrim_CountsTheRefusedAsDead()
    {
        await _rig.PublishFloorsAsync();
        await _rig.EmitAsync(First, 4);
        var delta = AggregateStage.Run([Some.Normalized("g", Some.Occurrence(900))], default, default).Forward[0];
        await _rig.EmitAsync(First, 3, new DeltaBatch { Issues = [delta with { Count = 3 }] });
        var token = await _rig.Store.TakeLeadershipAsync("crashed", default);
        var read = DeltaReading.Deltas(await new DeltaStream(_rig.Redis, First).ReadAfterAsync(StreamId.Zero, 10));
        (await _rig.Store.ApplyAsync(token, First.Name, StreamId.Zero, read.Entries, default)).Refused.Should().ContainSingle();

        await _rig.StartWriterAsync();

        await _rig.BalancedAndEmptyAsync();
        var totals = (await _rig.LedgerAsync(First)).Totals;
        totals[Outcome.Stored].Should().Be(4);
        totals[Outcome.Dead].Should().Be(3);
    }

    [Test]
    public async Task Writer_RedisLosesItsData_FlagsTheIntervalAndGoesOn()
    {
        await _rig.StartWriterAsync();
        await _rig.EmitAsync(First, 3);
        await _rig.UntilStoredAsync(3);

        await _rig.Redis.ExecuteAsync("FLUSHALL");
        await Deadline.Until(async () => (await _rig.Store.ListApproximateAsync(10, default)).Count > 0, Patience);
        await _rig.EmitAsync(First, 2);

        await _rig.UntilStoredAsync(5);
        var flagged = (await _rig.Store.ListApproximateAsync(10, default)).Should().ContainSingle().Subject;
        flagged.Lane.Should().Be(First.Name);
        flagged.ToMs.Should().BeGreaterThan(flagged.FromMs);
        await _rig.BalancedAndEmptyAsync();
    }

    [Test]
    public async Task Writer_CursorAheadOfRedis_MakesNewIdsComeAfterIt()
    {
        var ahead = new StreamId((ulong)DateTimeOffset.Parse("2090-01-01", null).ToUnixTimeMilliseconds(), 5);
        var token = await _rig.Store.TakeLeadershipAsync("earlier", default);
        await _rig.Store.ApplyAsync(token, First.Name, StreamId.Zero, [new(ahead, new())], default);

        await _rig.StartWriterAsync();
        await _rig.EmitAsync(First, 3);

        await _rig.UntilStoredAsync(3);
        (await _rig.Store.ReadCursorAsync(First.Name, default)).Should().BeGreaterThan(ahead);
    }

    [Test]
    public async Task Writer_RedisIsDownForAWhile_SaysSoAndGoesOn()
    {
        var writer = await _rig.StartWriterAsync();
        await _rig.EmitAsync(First, 3);
        await _rig.UntilStoredAsync(3);

        await _rig.Server.Kill9Async();
        await Deadline.Until(() => writer.Status.Problem is not null, Patience);
        await _rig.Server.StartAgainAsync();
        await Deadline.Until(() => writer.Status.Problem is null && writer.Status.IsLeading, Patience, () => writer.Status.Problem ?? "");
        await _rig.EmitAsync(First, 2);

        await _rig.UntilStoredAsync(5);
        await _rig.BalancedAndEmptyAsync();
    }

    [Test]
    public async Task Writer_LeaderStops_StandbyTakesOver()
    {
        var leader = await _rig.StartWriterAsync();
        await Deadline.Until(() => leader.Status.IsLeading, Patience);
        var standby = await _rig.StartWriterAsync();
        await _rig.EmitAsync(First, 3);
        await _rig.UntilStoredAsync(3);
        standby.Status.IsLeading.Should().BeFalse();

        await leader.Service.StopAsync(default);
        await Deadline.Until(() => standby.Status.IsLeading, TimeSpan.FromSeconds(3));
        await _rig.EmitAsync(Second, 4);

        await _rig.UntilStoredAsync(7);
        await _rig.BalancedAndEmptyAsync();
        (await _rig.StoredEventsAsync()).Should().Be(7);
    }

    [Test]
    public async Task Writer_EntryOfANewerBuild_StopsItsLaneOnlyAndSkipsNothing()
    {
        var writer = await _rig.StartWriterAsync();
        await _rig.EmitAsync(First, 1);
        await _rig.EmitAsync(First, 1, new DeltaBatch(), version: 9);
        await _rig.EmitAsync(First, 1);
        await _rig.EmitAsync(Second, 5);

        await _rig.UntilStoredAsync(6);
        await Deadline.Until(() => writer.Status.Stopped.Count > 0, Patience);

        writer.Status.Stopped.Keys.Should().Equal(First.Deltas);
        (await new WriterCheck(writer.Status).CheckHealthAsync(new())).Status.Should().Be(HealthStatus.Unhealthy);
        (await _rig.StoredEventsAsync()).Should().Be(6);
        (await _rig.LedgerAsync(First)).InFlight.Should().Be(2);
    }

    [TestCase(0.2, HealthStatus.Healthy)]
    [TestCase(3.5, HealthStatus.Degraded)]
    public async Task Check_AfterACommit_TellsWhetherTheStoreIsSlow(double seconds, HealthStatus told)
    {
        var status = new WriterStatus();
        status.Commit(TimeSpan.FromSeconds(7));

        status.Commit(TimeSpan.FromSeconds(seconds));

        (await new WriterCheck(status).CheckHealthAsync(new())).Status.Should().Be(told);
    }

    [Test]
    public async Task Writer_DeltaTheStoreRefuses_IsDeadAndTheRestIsStored()
    {
        await _rig.StartWriterAsync();
        var bad = Workers.Aggregate.AggregateStage.Run([Some.Normalized("f", Some.Occurrence(1))], default, default).Forward[0] with { Count = 2, Hours = [] };
        var good = bad with { Count = 3, Hours = [new(Some.Time / 3_600_000, "", 3)], Grouping = new("v1", "g", []) };

        await _rig.EmitAsync(First, 5, new DeltaBatch { Issues = [bad, good] });

        await _rig.UntilStoredAsync(3);
        await _rig.BalancedAndEmptyAsync();
        (await _rig.StoredEventsAsync()).Should().Be(3);
        (await _rig.LedgerAsync(First)).Totals[Outcome.Dead].Should().Be(2);
    }

    [Test]
    public async Task Writer_Commands_AreAppliedInOrderAndOnce()
    {
        await _rig.StartWriterAsync();
        await _rig.EmitAsync(First, 1);
        await _rig.UntilStoredAsync(1);
        var issue = (await IssuesAsync()).Single().Id;
        var commands = new CommandStream(_rig.Redis);
        var resolve = new StoreCommand { Id = Some.EventId(1), Kind = CommandKind.Resolve, IssueId = issue, At = Some.Time + 1000 };
        var ignore = resolve with { Id = Some.EventId(2), Kind = CommandKind.Ignore };

        await commands.SendAsync(resolve);
        await commands.SendAsync(ignore);
        await commands.SendAsync(resolve);

        await Deadline.Until(async () => (long)await _rig.Redis.ExecuteAsync("XLEN", (StackExchange.Redis.RedisKey)Lane.Commands) == 0, Patience);
        (await IssuesAsync()).Single().State.Should().Be(IssueState.Ignored);
        (await _rig.Store.AppliedCommandsAsync([resolve.Id, ignore.Id], default)).Should().HaveCount(2);
    }

    [Test]
    public async Task Writer_AfterACommit_TellsLivePages()
    {
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _rig.Redis.SubscribeAsync("ep:changes", message => heard.TrySetResult(message!));
        await _rig.StartWriterAsync();

        await _rig.EmitAsync(First, 1);

        (await heard.Task.WaitAsync(Patience)).Should().Be("""[{"projectId":1,"issueId":1,"isNew":true}]""");
    }

    private async Task<LaneWriter> LeadAsync(string owner)
    {
        var writer = new LaneWriter(First, _rig.Parts(), NullLogger.Instance);
        await writer.StartAsync(await _rig.Store.TakeLeadershipAsync(owner, default));
        await writer.MaintainAsync(DateTimeOffset.UnixEpoch);
        return writer;
    }

    private async Task<IReadOnlyList<IssueRow>> IssuesAsync() =>
        (await _rig.Store.ListIssuesAsync(new() { NowHour = Some.Time / 3_600_000 }, default)).Rows;

    private async Task<long> SumAsync(string outcome) =>
        (await _rig.Store.ListOutcomesAsync(1, 0, default)).Where(o => o.Outcome == outcome).Sum(o => o.Count);
}

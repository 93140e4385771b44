using ErrorPipeline.Collector.Forwarding;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Tests;

/// <summary>From the answer 202 to {lane}:raw on a real Redis, whatever happens to it in between: every event exactly once.</summary>
public sealed class ForwarderTests
{
    private ForwardingRig _rig = null!;

    [SetUp]
    public async Task Start() => _rig = await ForwardingRig.StartAsync();

    [TearDown]
    public async Task Stop() => await _rig.DisposeAsync();

    [Test]
    public async Task Events_Posted_ArriveOnceWithSizesAndLedger()
    {
        await using var collector = await _rig.StartCollectorAsync();
        await _rig.PostAsync(collector, 300);
        await _rig.ArriveAsync(300);
        foreach (var lane in Lane.All(2))
        {
            var sizes = (RedisResult[])(await _rig.Connection.ExecuteAsync("HVALS", (RedisKey)Lane.SizesOf(lane.Raw)))!;
            var accepted = (long)await _rig.Connection.ExecuteAsync("HGET", (RedisKey)lane.Ledger, "accepted");
            sizes.Sum(s => (long)s).Should().Be(accepted).And.BeGreaterThan(0);
        }
    }

    [Test]
    public async Task Redis_KilledAndRestartedUnderLoad_EverythingArrivesOnce()
    {
        await using var collector = await _rig.StartCollectorAsync();
        for (var round = 0; round < 3; round++)
        {
            await _rig.PostAsync(collector, 100);
            await _rig.Redis.Kill9Async();
            await _rig.PostAsync(collector, 100);
            await _rig.Redis.StartAgainAsync();
        }

        await _rig.ArriveAsync(600);
    }

    [Test]
    public async Task Answers_Lost_AreAskedForAgainAndNothingIsDoubled()
    {
        var random = new Random(3);
        var lost = 0;
        await using var collector = await _rig.StartCollectorAsync(services => ForwardingRig.Change(services, calls => calls with
        {
            Forward = async (lane, batch) =>
            {
                var answer = await calls.Forward(lane, batch);
                bool loses;
                lock (random)
                    loses = random.Next(2) == 0;
                if (!loses)
                    return answer;
                Interlocked.Increment(ref lost);
                throw new RedisUnavailableException("the answer is lost");
            },
        }));
        for (var i = 0; i < 20; i++)
            await _rig.PostAsync(collector, 10);
        await _rig.ArriveAsync(200);
        lost.Should().BePositive();
    }

    [Test]
    public async Task Forwarding_FailingInAnUnknownWay_GoesOn()
    {
        var failures = 0;
        await using var collector = await _rig.StartCollectorAsync(services => ForwardingRig.Change(services, calls => calls with
        {
            Forward = (lane, batch) => Interlocked.Increment(ref failures) <= 3 ? throw new InvalidCastException("no such answer") : calls.Forward(lane, batch),
            IsSyncedAtReply = () => throw new InvalidCastException("no such answer"),
        }));
        await _rig.PostAsync(collector, 50);
        await _rig.ArriveAsync(50);
    }

    [Test]
    public async Task Project_OverItsShare_GoesToBulk()
    {
        await using var collector = await _rig.StartCollectorAsync(settings: ["--Collector:BulkEventsPerSecond", "10"]);
        await _rig.PostAsync(collector, 200);
        await _rig.ArriveAsync(200);
        var bulk = 0;
        foreach (var lane in Lane.All(2))
            bulk += (await _rig.EntriesAsync(lane.RawBulk)).Sum(e => e.Events.Count);
        bulk.Should().BeInRange(100, 185);
    }

    [Test]
    public async Task Refusals_AreCountedPerProjectAndMinute()
    {
        await using var collector = await _rig.StartCollectorAsync();
        for (var i = 0; i < 5; i++)
            (await collector.PostAsync("{", Some.Key)).Dispose();
        (await collector.PostAsync("""{"suppressed":17,"events":[{}]}""")).Dispose();
        await Deadline.Until(async () => await _rig.OutcomeAsync("rejected:bad_request") == 5 && await _rig.OutcomeAsync("suppressed") == 17, ForwardingRig.Patience);
    }

    [Test]
    public async Task Segments_AllDurableAndOverTheWindow_AreDeleted()
    {
        await using var collector = await _rig.StartCollectorAsync(settings: ["--Collector:LogSegmentBytes", "65536", "--Collector:LogReplayWindow", "00:00:00"]);
        for (var i = 0; i < 30; i++)
            await _rig.PostAsync(collector, 10, bytes: 2000);
        await Deadline.Until(() => collector.Log.Folder.Segments.Length == 1 && Directory.GetFiles(_rig.Folder.Path, "*.log").Length == 1, ForwardingRig.Patience);
        await _rig.ArriveAsync(300);
    }

    [Test]
    public async Task Segments_WindowPassesForManyAtOnce_AreDeletedTogether()
    {
        await using var collector = await _rig.StartCollectorAsync(settings: ["--Collector:LogSegmentBytes", "65536", "--Collector:LogReplayWindow", "00:00:02"]);
        for (var i = 0; i < 60; i++)
            await _rig.PostAsync(collector, 10, bytes: 2000);
        collector.Log.Folder.Segments.Length.Should().BeGreaterThan(15);

        // One after the other, each behind the next one's window, they would take more than half a minute.
        await Deadline.Until(() => collector.Log.Folder.Segments.Length == 1, TimeSpan.FromSeconds(15));
    }

    [Test]
    public async Task Configuration_Pushed_IsInForceAndSaved()
    {
        await using var collector = await _rig.StartCollectorAsync();
        var pushed = Some.Config with { Revision = 8, Projects = [new() { Id = 9, Name = "new", Keys = ["99999999999999999999999999999999"] }] };
        await new ConfigChannel(_rig.Connection).PublishAsync(pushed);
        await Deadline.Until(async () =>
        {
            using var answer = await collector.PostAsync("{}", "99999999999999999999999999999999");
            return answer.IsSuccessStatusCode;
        }, ForwardingRig.Patience);
        using var old = await collector.PostAsync("{}");
        ((int)old.StatusCode).Should().Be(401);
        (await File.ReadAllTextAsync(Path.Combine(_rig.Folder.Path, "config.json"))).Should().Contain("99999999999999999999999999999999");
    }
}

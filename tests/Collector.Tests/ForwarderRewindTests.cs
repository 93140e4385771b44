using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Tests;

/// <summary>A Redis that has forgotten, or a collector that was started again: what is missing is sent, and nothing else.</summary>
public sealed class ForwarderRewindTests
{
    private ForwardingRig _rig = null!;

    [SetUp]
    public async Task Start() => _rig = await ForwardingRig.StartAsync();

    [TearDown]
    public async Task Stop() => await _rig.DisposeAsync();

    [Test]
    public async Task Flushall_NothingSettled_IsForwardedAgainFromTheLog()
    {
        await using var collector = await _rig.StartCollectorAsync();
        await _rig.PostAsync(collector, 100);
        await _rig.ArriveAsync(100);
        await _rig.Connection.ExecuteAsync("FLUSHALL");
        // Noticed without new events, too.
        await _rig.ArriveAsync(100);
        await _rig.PostAsync(collector, 50);
        await _rig.ArriveAsync(150);
    }

    [Test]
    public async Task Flushall_AfterSomeWereStored_SendsOnlyTheRest()
    {
        await using var collector = await _rig.StartCollectorAsync();
        await _rig.PostAsync(collector, 100);
        await _rig.ArriveAsync(100);
        // As if the stages had moved all to the store.
        foreach (var lane in Lane.All(2))
        {
            await _rig.Connection.ExecuteAsync("DEL", (RedisKey)lane.Raw);
            await _rig.Connection.SetAsync(lane.Floor, "1-0");
        }

        var settled = Path.Combine(_rig.Folder.Path, "settled");
        await Deadline.Until(() => File.Exists(settled) && File.ReadAllLines(settled).Sum(l => int.Parse(l.Split(' ')[2])) == 100, ForwardingRig.Patience);
        await _rig.Connection.ExecuteAsync("FLUSHALL");
        await _rig.PostAsync(collector, 50);
        await _rig.ArriveAsync(50, from: 100);
    }

    [Test]
    public async Task Flushall_WhileTheCollectorWasDown_SendsOnlyTheRest()
    {
        await using (var collector = await _rig.StartCollectorAsync())
        {
            await _rig.PostAsync(collector, 60);
            await _rig.ArriveAsync(60);
        }

        await _rig.Connection.ExecuteAsync("FLUSHALL");
        await using var again = await _rig.StartCollectorAsync();
        await _rig.PostAsync(again, 40);
        await _rig.ArriveAsync(100);
    }

    [Test]
    public async Task Collector_RestartedWithoutRedis_ForwardsOldSegmentsUnderTheirProducer()
    {
        await _rig.Redis.StopAsync();
        for (var life = 0; life < 3; life++)
        {
            await using var collector = await _rig.StartCollectorAsync();
            await _rig.PostAsync(collector, 50);
        }

        await _rig.Redis.StartAgainAsync();
        await using var last = await _rig.StartCollectorAsync();
        await _rig.PostAsync(last, 50);
        await _rig.ArriveAsync(200);
    }

    [Test]
    public async Task Collector_Restarted_DoesNotSendAgainWhatRedisHas()
    {
        for (var life = 0; life < 3; life++)
        {
            await using var collector = await _rig.StartCollectorAsync();
            await _rig.PostAsync(collector, 50);
        }

        await using var last = await _rig.StartCollectorAsync();
        await _rig.PostAsync(last, 50);
        await _rig.ArriveAsync(200);
        (await _rig.TotalAcceptedAsync()).Should().Be(200);
    }

    [Test]
    public async Task Redis_RolledBack_GetsWhatItLost()
    {
        await using var collector = await _rig.StartCollectorAsync();
        await _rig.PostAsync(collector, 100);
        await _rig.ArriveAsync(100);
        // A replica that was behind takes over: the last entries and what is known of the producer are gone.
        foreach (var lane in Lane.All(2))
        {
            var entries = await _rig.EntriesAsync(lane.Raw);
            var gone = entries[^1];
            var producer = ((RedisResult[])(await _rig.Connection.ExecuteAsync("HGETALL", (RedisKey)lane.Producers))!).Select(r => (string)r!).ToArray();
            await _rig.Connection.ExecuteAsync("XDEL", (RedisKey)lane.Raw, gone.Id);
            await _rig.Connection.ExecuteAsync("HSET", (RedisKey)lane.Producers, producer[0], int.Parse(producer[1]) - gone.Events.Count);
        }

        await _rig.ArriveAsync(100);
    }
}

using ErrorPipeline.Collector.Forwarding;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Tests;

/// <summary>From the answer 202 to {lane}:raw on a real Redis, whatever happens to it in between: every event exactly once.</summary>
public sealed class ForwarderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TempFolder _folder = null!;
    private RedisServer _redis = null!;
    private RedisConnection _connection = null!;
    private int _next;

    [SetUp]
    public async Task Start()
    {
        _folder = new();
        _redis = await RedisServer.StartAsync();
        _connection = new(_redis.Endpoint, "test");
        _next = 0;
    }

    [TearDown]
    public async Task Stop()
    {
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Events_Posted_ArriveOnceWithSizesAndLedger()
    {
        await using var collector = await StartCollectorAsync();
        await PostAsync(collector, 300);
        await ArriveAsync(300);
        foreach (var lane in Lane.All(2))
        {
            var sizes = (RedisResult[])(await _connection.ExecuteAsync("HVALS", (RedisKey)Lane.SizesOf(lane.Raw)))!;
            var accepted = (long)await _connection.ExecuteAsync("HGET", (RedisKey)lane.Ledger, "accepted");
            sizes.Sum(s => (long)s).Should().Be(accepted).And.BeGreaterThan(0);
        }
    }

    [Test]
    public async Task Redis_KilledAndRestartedUnderLoad_EverythingArrivesOnce()
    {
        await using var collector = await StartCollectorAsync();
        for (var round = 0; round < 3; round++)
        {
            await PostAsync(collector, 100);
            await _redis.Kill9Async();
            await PostAsync(collector, 100);
            await _redis.StartAgainAsync();
        }

        await ArriveAsync(600);
    }

    [Test]
    public async Task Answers_Lost_AreAskedForAgainAndNothingIsDoubled()
    {
        var random = new Random(3);
        var lost = 0;
        await using var collector = await StartCollectorAsync(services => Change(services, calls => calls with
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
            await PostAsync(collector, 10);
        await ArriveAsync(200);
        lost.Should().BePositive();
    }

    [Test]
    public async Task Forwarding_FailingInAnUnknownWay_GoesOn()
    {
        var failures = 0;
        await using var collector = await StartCollectorAsync(services => Change(services, calls => calls with
        {
            Forward = (lane, batch) => Interlocked.Increment(ref failures) <= 3 ? throw new InvalidCastException("no such answer") : calls.Forward(lane, batch),
            IsSyncedAtReply = () => throw new InvalidCastException("no such answer"),
        }));
        await PostAsync(collector, 50);
        await ArriveAsync(50);
    }

    [Test]
    public async Task Flushall_NothingSettled_IsForwardedAgainFromTheLog()
    {
        await using var collector = await StartCollectorAsync();
        await PostAsync(collector, 100);
        await ArriveAsync(100);
        await _connection.ExecuteAsync("FLUSHALL");
        // Noticed without new events, too.
        await ArriveAsync(100);
        await PostAsync(collector, 50);
        await ArriveAsync(150);
    }

    [Test]
    public async Task Flushall_AfterSomeWereStored_SendsOnlyTheRest()
    {
        await using var collector = await StartCollectorAsync();
        await PostAsync(collector, 100);
        await ArriveAsync(100);
        // As if the stages had moved all to the store.
        foreach (var lane in Lane.All(2))
        {
            await _connection.ExecuteAsync("DEL", (RedisKey)lane.Raw);
            await _connection.SetAsync(lane.Floor, "1-0");
        }

        var settled = Path.Combine(_folder.Path, "settled");
        await Deadline.Until(() => File.Exists(settled) && File.ReadAllLines(settled).Sum(l => int.Parse(l.Split(' ')[2])) == 100, Patience);
        await _connection.ExecuteAsync("FLUSHALL");
        await PostAsync(collector, 50);
        await ArriveAsync(50, from: 100);
    }

    [Test]
    public async Task Flushall_WhileTheCollectorWasDown_SendsOnlyTheRest()
    {
        await using (var collector = await StartCollectorAsync())
        {
            await PostAsync(collector, 60);
            await ArriveAsync(60);
        }

        await _connection.ExecuteAsync("FLUSHALL");
        await using var again = await StartCollectorAsync();
        await PostAsync(again, 40);
        await ArriveAsync(100);
    }

    [Test]
    public async Task Collector_RestartedWithoutRedis_ForwardsOldSegmentsUnderTheirProducer()
    {
        await _redis.StopAsync();
        for (var life = 0; life < 3; life++)
        {
            await using var collector = await StartCollectorAsync();
            await PostAsync(collector, 50);
        }

        await _redis.StartAgainAsync();
        await using var last = await StartCollectorAsync();
        await PostAsync(last, 50);
        await ArriveAsync(200);
    }

    [Test]
    public async Task Collector_Restarted_DoesNotSendAgainWhatRedisHas()
    {
        for (var life = 0; life < 3; life++)
        {
            await using var collector = await StartCollectorAsync();
            await PostAsync(collector, 50);
        }

        await using var last = await StartCollectorAsync();
        await PostAsync(last, 50);
        await ArriveAsync(200);
        (await TotalAcceptedAsync()).Should().Be(200);
    }

    [Test]
    public async Task Redis_RolledBack_GetsWhatItLost()
    {
        await using var collector = await StartCollectorAsync();
        await PostAsync(collector, 100);
        await ArriveAsync(100);
        // A replica that was behind takes over: the last entries and what is known of the producer are gone.
        foreach (var lane in Lane.All(2))
        {
            var entries = await EntriesAsync(lane.Raw);
            var gone = entries[^1];
            var producer = ((RedisResult[])(await _connection.ExecuteAsync("HGETALL", (RedisKey)lane.Producers))!).Select(r => (string)r!).ToArray();
            await _connection.ExecuteAsync("XDEL", (RedisKey)lane.Raw, gone.Id);
            await _connection.ExecuteAsync("HSET", (RedisKey)lane.Producers, producer[0], int.Parse(producer[1]) - gone.Events.Count);
        }

        await ArriveAsync(100);
    }

    [Test]
    public async Task Project_OverItsShare_GoesToBulk()
    {
        await using var collector = await StartCollectorAsync(settings: ["--Collector:BulkEventsPerSecond", "10"]);
        await PostAsync(collector, 200);
        await ArriveAsync(200);
        var bulk = 0;
        foreach (var lane in Lane.All(2))
            bulk += (await EntriesAsync(lane.RawBulk)).Sum(e => e.Events.Count);
        bulk.Should().BeInRange(100, 185);
    }

    [Test]
    public async Task Refusals_AreCountedPerProjectAndMinute()
    {
        await using var collector = await StartCollectorAsync();
        for (var i = 0; i < 5; i++)
            (await collector.PostAsync("{", Some.Key)).Dispose();
        (await collector.PostAsync("""{"suppressed":17,"events":[{}]}""")).Dispose();
        await Deadline.Until(async () => await OutcomeAsync("rejected:bad_request") == 5 && await OutcomeAsync("suppressed") == 17, Patience);
    }

    [Test]
    public async Task Segments_AllDurableAndOverTheWindow_AreDeleted()
    {
        await using var collector = await StartCollectorAsync(settings: ["--Collector:LogSegmentBytes", "65536", "--Collector:LogReplayWindow", "00:00:00"]);
        for (var i = 0; i < 30; i++)
            await PostAsync(collector, 10, bytes: 2000);
        await Deadline.Until(() => collector.Log.Folder.Segments.Length == 1 && Directory.GetFiles(_folder.Path, "*.log").Length == 1, Patience);
        await ArriveAsync(300);
    }

    [Test]
    public async Task Configuration_Pushed_IsInForceAndSaved()
    {
        await using var collector = await StartCollectorAsync();
        var pushed = Some.Config with { Revision = 8, Projects = [new() { Id = 9, Name = "new", Keys = ["99999999999999999999999999999999"] }] };
        await new ConfigChannel(_connection).PublishAsync(pushed);
        await Deadline.Until(async () =>
        {
            using var answer = await collector.PostAsync("{}", "99999999999999999999999999999999");
            return answer.IsSuccessStatusCode;
        }, Patience);
        using var old = await collector.PostAsync("{}");
        ((int)old.StatusCode).Should().Be(401);
        (await File.ReadAllTextAsync(Path.Combine(_folder.Path, "config.json"))).Should().Contain("99999999999999999999999999999999");
    }

    private Task<RunningCollector> StartCollectorAsync(Action<IServiceCollection>? change = null, params string[] settings) =>
        RunningCollector.StartAsync(_folder.Path, _redis.Endpoint, change: change, settings: settings);

    private static void Change(IServiceCollection services, Func<ForwardCalls, ForwardCalls> change) =>
        services.Replace(ServiceDescriptor.Singleton(provider => change(ForwardCalls.To(
            provider.GetRequiredService<RedisConnection>(), provider.GetRequiredService<LaneForwarding>()))));

    /// <summary>From several clients at once, each a request of one to three events; all must be answered 202.</summary>
    private async Task PostAsync(RunningCollector collector, int events, int bytes = 0)
    {
        var bodies = new List<string>();
        for (var left = events; left > 0;)
        {
            var count = Math.Min(left, 1 + (left % 3));
            bodies.Add("[" + string.Join(',', Enumerable.Range(0, count).Select(_ => System.Text.Encoding.UTF8.GetString(Some.Body(_next++, bytes)))) + "]");
            left -= count;
        }

        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (body, _) =>
        {
            using var answer = await collector.PostAsync(body);
            ((int)answer.StatusCode).Should().Be(202);
        });
    }

    /// <summary>All of them once each, and stays so.</summary>
    private async Task ArriveAsync(int events, int from = 0)
    {
        var expected = Enumerable.Range(from, events).Select(Some.Id).ToList();
        List<string> arrived = [];
        await Deadline.Until(async () => (arrived = await ArrivedAsync()).Count >= events, Patience, () => $"{arrived.Count} of {events} arrived");
        arrived.Order(StringComparer.Ordinal).Should().Equal(expected);
    }

    private async Task<List<string>> ArrivedAsync()
    {
        try
        {
            var ids = new List<string>();
            foreach (var stream in Lane.All(2).SelectMany(lane => new[] { lane.Raw, lane.RawBulk }))
                ids.AddRange((await EntriesAsync(stream)).SelectMany(e => e.Events).Select(e => e.EventId));
            return ids;
        }
        catch (RedisUnavailableException)
        {
            return [];
        }
    }

    private async Task<List<(string Id, List<RawError> Events)>> EntriesAsync(string stream)
    {
        var entries = (RedisResult[])(await _connection.ExecuteAsync("XRANGE", (RedisKey)stream, "-", "+"))!;
        return [.. entries.Select(entry => (RedisResult[])entry!).Select(entry =>
        {
            var fields = (RedisResult[])entry[1]!;
            var payload = (byte[])fields[Array.FindIndex(fields, f => (string)f! == "d") + 1]!;
            return ((string)entry[0]!, MessageFrames.Split(payload).Select(MessageCodec.ReadRaw).ToList());
        })];
    }

    private async Task<long> TotalAcceptedAsync()
    {
        var total = 0L;
        foreach (var lane in Lane.All(2))
            total += (long)await _connection.ExecuteAsync("HGET", (RedisKey)lane.Ledger, "accepted");
        return total;
    }

    private async Task<long> OutcomeAsync(string outcome)
    {
        var total = 0L;
        foreach (var lane in Lane.All(2))
        {
            var fields = (RedisResult[])(await _connection.ExecuteAsync("HGETALL", (RedisKey)lane.Outcomes))!;
            for (var i = 0; i + 1 < fields.Length; i += 2)
                if (((string)fields[i]!).EndsWith("|" + outcome, StringComparison.Ordinal))
                    total += (long)fields[i + 1];
        }

        return total;
    }
}

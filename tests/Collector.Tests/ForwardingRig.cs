using System.Text;
using ErrorPipeline.Collector.Forwarding;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Tests;

/// <summary>Collectors on one log folder, and the Redis to which they forward.</summary>
internal sealed class ForwardingRig : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int _next;

    private ForwardingRig(RedisServer redis)
    {
        Redis = redis;
        Connection = new(redis.Endpoint, "test");
    }

    public TempFolder Folder { get; } = new();
    public RedisServer Redis { get; }
    public RedisConnection Connection { get; }

    public static async Task<ForwardingRig> StartAsync() => new(await RedisServer.StartAsync());

    public Task<RunningCollector> StartCollectorAsync(Action<IServiceCollection>? change = null, params string[] settings) =>
        RunningCollector.StartAsync(Folder.Path, Redis.Endpoint, change: change, settings: settings);

    public static void Change(IServiceCollection services, Func<ForwardCalls, ForwardCalls> change) =>
        services.Replace(ServiceDescriptor.Singleton(provider => change(ForwardCalls.To(
            provider.GetRequiredService<RedisConnection>(), provider.GetRequiredService<LaneForwarding>()))));

    /// <summary>From several clients at once, each a request of one to three events; all must be answered 202.</summary>
    public async Task PostAsync(RunningCollector collector, int events, int bytes = 0)
    {
        var bodies = new List<string>();
        for (var left = events; left > 0;)
        {
            var count = Math.Min(left, 1 + (left % 3));
            bodies.Add("[" + string.Join(',', Enumerable.Range(0, count).Select(_ => Encoding.UTF8.GetString(Some.Body(_next++, bytes)))) + "]");
            left -= count;
        }

        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (body, _) =>
        {
            using var answer = await collector.PostAsync(body);
            ((int)answer.StatusCode).Should().Be(202);
        });
    }

    /// <summary>All of them once each, and stays so.</summary>
    public async Task ArriveAsync(int events, int from = 0)
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

    public async Task<List<(string Id, List<RawError> Events)>> EntriesAsync(string stream)
    {
        var entries = (RedisResult[])(await Connection.ExecuteAsync("XRANGE", (RedisKey)stream, "-", "+"))!;
        return [.. entries.Select(entry => (RedisResult[])entry!).Select(entry =>
        {
            var fields = (RedisResult[])entry[1]!;
            var payload = (byte[])fields[Array.FindIndex(fields, f => (string)f! == "d") + 1]!;
            return ((string)entry[0]!, MessageFrames.Split(payload).Select(MessageCodec.ReadRaw).ToList());
        })];
    }

    public async Task<long> TotalAcceptedAsync()
    {
        var total = 0L;
        foreach (var lane in Lane.All(2))
            total += (long)await Connection.ExecuteAsync("HGET", (RedisKey)lane.Ledger, "accepted");
        return total;
    }

    public async Task<long> OutcomeAsync(string outcome)
    {
        var total = 0L;
        foreach (var lane in Lane.All(2))
        {
            var fields = (RedisResult[])(await Connection.ExecuteAsync("HGETALL", (RedisKey)lane.Outcomes))!;
            for (var i = 0; i + 1 < fields.Length; i += 2)
                if (((string)fields[i]!).EndsWith("|" + outcome, StringComparison.Ordinal))
                    total += (long)fields[i + 1];
        }

        return total;
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Redis.DisposeAsync();
        Folder.Dispose();
    }
}

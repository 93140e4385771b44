using System.Buffers;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Workers.Tests;

/// <summary>Redis, two worker processes that host every stage, and the store that they write; events come in as a collector forwards them.</summary>
internal sealed class PipelineRig : IAsyncDisposable
{
    public const int Lanes = 2;

    private static readonly HttpClient Http = new();
    private readonly TempFolder _folder = new();
    private readonly Dictionary<Lane, long> _forwarded = [];

    private PipelineRig(RedisServer server)
    {
        Server = server;
        Redis = new(server.Endpoint, "tests");
        Store = new(new() { Path = _folder["errors.db"] });
        Workers = [StartWorkers(), StartWorkers()];
    }

    public RedisServer Server { get; }

    public RedisConnection Redis { get; }

    public SqliteErrorReader Store { get; }

    public IReadOnlyList<AppProcess> Workers { get; }

    public static async Task<PipelineRig> StartAsync()
    {
        var rig = new PipelineRig(await RedisServer.StartAsync());
        await Task.WhenAll(rig.Workers.Select(w => w.WaitReadyAsync()));
        return rig;
    }

    /// <summary>One batch of a producer; every event into its own lane.</summary>
    public async Task SendAsync(IReadOnlyCollection<RawError> events)
    {
        foreach (var group in events.GroupBy(e => Lane.Of(e.ProjectId, e.EventId, Lanes)))
        {
            var (previous, count) = (_forwarded.GetValueOrDefault(group.Key), group.Count());
            _forwarded[group.Key] = previous + count;
            var answer = await new LaneForwarding(Redis).ForwardAsync(group.Key, new()
            {
                Producer = "p",
                Previous = previous,
                Last = previous + count,
                RawEvents = count,
                Raw = Frame(group),
                Outcomes = [.. group.GroupBy(e => (e.ProjectId, e.ReceivedAt / 60_000))
                    .Select(m => new OutcomeCount(m.Key.ProjectId, m.Key.Item2, Outcome.Accepted, m.Count()))],
            });
            answer.Applied.Should().BeTrue();
        }
    }

    /// <summary>Takes pending entries away from the workers, over and over, and does nothing with them.</summary>
    public async Task StealAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var stream in Lane.All(Lanes).SelectMany(l => new[] { l.Raw, l.Unique, l.Normalized }))
            {
                if (random.Next(4) != 0 || await PendingAsync(stream) is not { Count: > 0 } pending)
                    continue;
                await Redis.ExecuteAsync("XCLAIM", [(RedisKey)stream, StreamGroup.Name, "thief", 0, .. pending, "JUSTID"]);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task<bool> IsLeadingAsync(AppProcess workers)
    {
        try
        {
            return (await Http.GetStringAsync(new Uri($"{workers.Url}/metrics"))).Contains("errorpipeline_writer_leading 1", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<IReadOnlyList<IssueRow>> IssuesAsync() =>
        (await Store.ListIssuesAsync(new() { NowHour = Some.Time / 3_600_000, Limit = 100 }, CancellationToken.None)).Rows;

    public async Task<long> OutcomeAsync(string outcome) =>
        (await Store.ListOutcomesAsync(null, 0, CancellationToken.None)).Where(o => o.Outcome == outcome).Sum(o => o.Count);

    public Task<LaneReading> LedgerAsync(Lane lane) => new LaneLedger(Redis).ReadAsync(lane);

    public string Describe() => string.Join('\n', Workers.Select(w => w.Output));

    public async ValueTask DisposeAsync()
    {
        foreach (var workers in Workers)
            await workers.DisposeAsync();
        await Store.DisposeAsync();
        await Redis.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private AppProcess StartWorkers() => AppProcess.Start("workers", new Dictionary<string, string>
    {
        ["Redis"] = Server.Endpoint,
        ["Lanes"] = $"{Lanes}",
        ["DataDirectory"] = _folder.Path,
        ["Workers:ReclaimAfterSeconds"] = "0.5",
    });

    private async Task<List<object>> PendingAsync(string stream)
    {
        try
        {
            var pending = await Redis.ExecuteAsync("XPENDING", (RedisKey)stream, StreamGroup.Name, "-", "+", 20);
            return [.. ((RedisResult[])pending).Select(p => (object)(string)((RedisResult[])p)[0]!)];
        }
        catch (RedisServerException e) when (e.Message.Contains("NOGROUP", StringComparison.Ordinal))
        {
            return [];
        }
    }

    private static byte[] Frame(IEnumerable<RawError> events)
    {
        var framed = new ArrayBufferWriter<byte>();
        foreach (var raw in events)
        {
            var one = new ArrayBufferWriter<byte>();
            MessageCodec.Write(one, raw);
            MessageFrames.Append(framed, one.WrittenSpan);
        }

        return framed.WrittenSpan.ToArray();
    }
}

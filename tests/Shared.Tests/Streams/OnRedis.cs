using System.Text;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Tests.Streams;

/// <summary>A real redis-server for a fixture, emptied before each test.</summary>
public abstract class OnRedis
{
    protected const int Project = 1;
    protected const long Minute = 29_000_000;

    protected static readonly Lane Lane = new(7);

    private protected RedisServer Server { get; private set; } = null!;

    private protected RedisConnection Redis { get; private set; } = null!;

    private protected virtual RedisOptions Options { get; } = new() { AppendOnly = false };

    [OneTimeSetUp]
    public async Task StartRedis()
    {
        Server = await RedisServer.StartAsync(Options);
        Redis = new(Server.Endpoint, "tests");
    }

    [OneTimeTearDown]
    public async Task StopRedis()
    {
        await Redis.DisposeAsync();
        await Server.DisposeAsync();
    }

    [SetUp]
    public async Task Empty()
    {
        await Server.StartAgainAsync();
        await Deadline.Until(AnswersAsync, TimeSpan.FromSeconds(20));
        await Redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await Redis.ExecuteAsync("FLUSHALL");
    }

    private protected LaneForwarding Forwarding => new(Redis);

    private protected LaneHop Hops => new(Redis, SeenLimits.Default);

    private protected LaneLedger Ledger => new(Redis);

    private protected DeltaStream Deltas => new(Redis, Lane);

    private protected static ForwardBatch Batch(long previous, long last, bool adopt = false, string producer = "p1", byte[]? payload = null) => new()
    {
        Producer = producer,
        Previous = previous,
        Last = last,
        Adopt = adopt,
        RawEvents = (int)(last - previous),
        Raw = payload ?? Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range((int)previous + 1, (int)(last - previous)))),
        Outcomes = [new(Project, Minute, Outcome.Accepted, last - previous)],
    };

    private protected static StreamPayload Payload(long events, string text = "x") => new(1, events, Encoding.UTF8.GetBytes(text));

    private protected StreamGroup Group(string stream, string consumer = "c1") => new(Redis, stream, consumer);

    private protected async Task<List<StreamEntry>> EntriesAsync(string stream) =>
        StreamEntry.FromList(await Redis.ExecuteAsync("XRANGE", (RedisKey)stream, "-", "+"));

    private protected async Task BalancedAsync()
    {
        var reading = await Ledger.ReadAsync(Lane);
        reading.IsBalanced.Should().BeTrue(
            "accepted {0} must be terminal {1} + in flight {2}, and entries must be sized: {3}",
            reading.Accepted, reading.Terminal, reading.InFlight, string.Join("; ", reading.Streams));
    }

    private protected async Task<bool> AnswersAsync()
    {
        try
        {
            await Redis.PingAsync();
            return true;
        }
        catch (RedisUnavailableException)
        {
            return false;
        }
    }
}

using System.Buffers;
using ErrorPipeline.PoisonWorker;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Pumping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace ErrorPipeline.Workers.Tests.Pumping;

/// <summary>One pump of the poison stage (dedupe that misbehaves when told) on a real Redis, in this process or in its own.</summary>
internal sealed class PumpRig : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    public static readonly Lane Lane = new(0);

    /// <summary>Where the poison worker's dll lies: beside these tests.</summary>
    private static readonly string WorkerDll = typeof(PoisonStage).Assembly.Location;

    private readonly CancellationTokenSource _stop = new();
    private readonly string _producer = Guid.NewGuid().ToString("N");
    private Task _pump = Task.CompletedTask;
    private long _sequence;

    public PumpRig(RedisServer server)
    {
        Server = server;
        Redis = new(server.Endpoint, "tests");
        WakeUps = new(Redis, TimeProvider.System);
        Roll = new(new(Redis), "c1", WakeUps, TimeProvider.System, NullLogger.Instance);
        Provider = new ServiceCollection().BuildServiceProvider();
    }

    public RedisServer Server { get; }

    public RedisConnection Redis { get; }

    public ServiceProvider Provider { get; }

    public WakeUps WakeUps { get; }

    /// <summary>Of the consumer c1; not called unless a test calls it.</summary>
    public RollCall Roll { get; }

    public StageBoard Board { get; } = new(TimeProvider.System);

    public DeadLetters Dead => new(Redis);

    public PumpServices Services(string consumer = "c1", PumpOptions? options = null, TimeProvider? clock = null) => new(
        Provider, Redis, new(Redis, SeenLimits.Default), new(Redis), new(Redis), WakeUps, Roll, Board,
        new("dotnet", [WorkerDll, QuarantineCommand.Option]),
        options ?? new() { ReclaimAfterSeconds = 0.5, WatchdogSeconds = 20 },
        clock ?? TimeProvider.System, NullLogger.Instance, consumer);

    /// <summary>Starts the pump in this process: only for stages that return.</summary>
    public void Start(PumpOptions? options = null, string consumer = "c1", TimeProvider? clock = null) => _pump = Task.WhenAll(
        _pump, new BatchPump<RawError, IReadOnlySet<EventIdentity>, UniqueError>(PoisonStage.Spec, Lane, Services(consumer, options, clock)).RunAsync(_stop.Token));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _pump;
    }

    /// <summary>The poison worker as a process of its own.</summary>
    public ChildProcess StartProcess(int port, double watchdogSeconds) => ChildProcess.Start(
        "dotnet",
        [WorkerDll, "--stages", "dedupe", "--Redis", Server.Endpoint, "--Lanes", "1", "--Urls", $"http://127.0.0.1:{port}",
            "--Workers:ReclaimAfterSeconds", "0.5", "--Workers:WatchdogSeconds", $"{watchdogSeconds}"]);

    /// <summary>One entry with these bodies, as a collector sends it.</summary>
    public Task SendAsync(params RawError[] events) => SendAsync(bulk: false, events);

    public async Task SendAsync(bool bulk, params RawError[] events)
    {
        var framed = new ArrayBufferWriter<byte>();
        foreach (var raw in events)
        {
            var one = new ArrayBufferWriter<byte>();
            MessageCodec.Write(one, raw);
            MessageFrames.Append(framed, one.WrittenSpan);
        }

        await SendBytesAsync(framed.WrittenSpan.ToArray(), events.Length, bulk);
    }

    public async Task SendBytesAsync(byte[] payload, int events, bool bulk = false)
    {
        var (previous, last) = (_sequence, _sequence + events);
        var batch = new ForwardBatch
        {
            Producer = _producer,
            Previous = previous,
            Last = last,
            Outcomes = [new(1, 1, Outcome.Accepted, events)],
        };
        var answer = await new LaneForwarding(Redis).ForwardAsync(
            Lane, bulk ? batch with { BulkEvents = events, Bulk = payload } : batch with { RawEvents = events, Raw = payload });
        answer.Applied.Should().BeTrue();
        _sequence = last;
    }

    public async Task<LaneReading> ReadAsync() => await new LaneLedger(Redis).ReadAsync(Lane);

    public async Task<List<UniqueError>> UniqueAsync()
    {
        var unique = new List<UniqueError>();
        var entries = (RedisResult[])await Redis.ExecuteAsync("XRANGE", (RedisKey)Lane.Unique, "-", "+");
        foreach (var entry in entries)
        {
            var fields = (RedisValue[])((RedisResult[])entry)[1];
            unique.AddRange(MessageFrames.Split((byte[])fields[Array.IndexOf(fields, "d") + 1]!).Select(m => MessageCodec.ReadUnique(m)));
        }

        return unique;
    }

    /// <summary>Ids of the events that came through, in any order.</summary>
    public async Task<List<string>> PassedAsync() => [.. (await UniqueAsync()).SelectMany(u => u.Occurrences).Select(o => o.EventId)];

    public Task UntilAsync(Func<LaneReading, bool> condition) => Deadline.Until(
        async () => condition(await ReadAsync()), Patience, () => string.Join("; ", ReadAsync().GetAwaiter().GetResult().Streams));

    public async Task BalancedAsync()
    {
        var reading = await ReadAsync();
        reading.IsBalanced.Should().BeTrue("accepted {0} = terminal {1} + in flight {2}", reading.Accepted, reading.Terminal, reading.InFlight);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Redis.DisposeAsync();
        await Provider.DisposeAsync();
        _stop.Dispose();
    }
}

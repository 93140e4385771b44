using System.Text.Json;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Locking;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Aggregate;
using ErrorPipeline.Workers.LateMaps;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Write;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Tests.Write;

/// <summary>A real Redis and a real store, with writers that each have connections of their own, as processes would.</summary>
internal sealed class WriterRig : IAsyncDisposable
{
    public const int Lanes = 2;
    private const long Minute = 29_000_000;

    private readonly TempFolder _folder = new();
    private readonly Dictionary<Lane, long> _forwarded = [];
    private readonly List<RunningWriter> _writers = [];
    private int _nextEvent;

    private WriterRig(RedisServer server)
    {
        Server = server;
        Redis = new(server.Endpoint, "tests");
        Store = OpenStore();
    }

    public RedisServer Server { get; }

    public RedisConnection Redis { get; }

    public IErrorStore Store { get; }

    public static async Task<WriterRig> StartAsync()
    {
        var rig = new WriterRig(await RedisServer.StartAsync());
        await rig.Store.MigrateAsync(CancellationToken.None);
        return rig;
    }

    public WriterParts Parts() => new(Store, Redis, RedLockFactory.Create([Redis]), new(), TimeProvider.System);

    public async Task<RunningWriter> StartWriterAsync()
    {
        var writer = new RunningWriter(new(Server.Endpoint, "writer"), OpenStore());
        _writers.Add(writer);
        await writer.Service.StartAsync(CancellationToken.None);
        return writer;
    }

    /// <summary>Takes events in and hops them to deltas in one entry, as collector and workers do: the ledger knows of them.</summary>
    public async Task EmitAsync(Lane lane, int events, string fingerprint = "f")
    {
        var occurrences = Enumerable.Range(0, events).Select(_ => Some.Occurrence(Interlocked.Increment(ref _nextEvent)));
        var deltas = AggregateStage.Run([Some.Normalized(fingerprint, [.. occurrences])], default, default).Forward;
        await EmitAsync(lane, events, new DeltaBatch { Issues = deltas });
    }

    public async Task EmitAsync(Lane lane, int events, DeltaBatch batch, int version = DeltaBatch.CurrentVersion)
    {
        var previous = _forwarded.GetValueOrDefault(lane);
        _forwarded[lane] = previous + events;
        var answer = await new LaneForwarding(Redis).ForwardAsync(lane, new()
        {
            Producer = "p",
            Previous = previous,
            Last = previous + events,
            Adopt = true,
            RawEvents = events,
            Raw = [1],
            Outcomes = [new(1, Minute, Outcome.Accepted, events)],
        });
        answer.Applied.Should().BeTrue();
        var entries = await new StreamGroup(Redis, lane.Raw, "c").ReadNewAsync(10);
        var payload = new StreamPayload(version, events, JsonSerializer.SerializeToUtf8Bytes(batch, ContractsJson.Default.DeltaBatch));
        var hop = new Hop { Input = lane.Raw, Consumer = "c", Inputs = [.. entries.Select(e => e.Id)], Output = lane.Deltas, Outputs = [payload] };

        // Where the writer has not published its floor yet, the hop waits for it, as the pump does.
        await Deadline.Until(
            async () => (await new LaneHop(Redis, SeenLimits.Default).HopAsync(lane, hop)).Status == HopStatus.Moved, TimeSpan.FromSeconds(10));
    }

    public async Task PublishFloorsAsync()
    {
        foreach (var lane in Lane.All(Lanes))
            await new DeltaStream(Redis, lane).PublishFloorAsync(await Store.ReadCursorAsync(lane.Name, CancellationToken.None));
    }

    public async Task<long> StoredEventsAsync() =>
        (await Store.ListIssuesAsync(new() { NowHour = Some.Time / 3_600_000, Limit = 100 }, CancellationToken.None)).Rows.Sum(r => r.Count);

    public Task UntilStoredAsync(long events) =>
        Deadline.Until(async () => await StoredEventsAsync() >= events, TimeSpan.FromSeconds(15), () => string.Join("; ", _writers.Select(w => w.Status.Problem)));

    public async Task<LaneReading> LedgerAsync(Lane lane) => await new LaneLedger(Redis).ReadAsync(lane);

    public async Task BalancedAndEmptyAsync()
    {
        foreach (var lane in Lane.All(Lanes))
        {
            await Deadline.Until(async () => (await LedgerAsync(lane)).InFlight == 0, TimeSpan.FromSeconds(5));
            (await LedgerAsync(lane)).IsBalanced.Should().BeTrue();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
            await writer.DisposeAsync();
        await Store.DisposeAsync();
        await Redis.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private SqliteErrorStore OpenStore() => new(new() { Path = _folder["errors.db"] });
}

internal sealed class RunningWriter : IAsyncDisposable
{
    private readonly RedisConnection _redis;
    private readonly IErrorStore _store;

    public RunningWriter(RedisConnection redis, IErrorStore store)
    {
        (_redis, _store) = (redis, store);
        var time = TimeProvider.System;
        var parts = new WriterParts(store, redis, RedLockFactory.Create([redis]), Status, time);
        Service = new(
            parts,
            new(new(store, Options.Create(new RetentionOptions()), new(new(redis), time, NullLogger<PolicyFeed>.Instance), time, NullLogger<RetentionSweep>.Instance), LateMaps(store, redis, time), new(parts, NullLogger<WakeSweep>.Instance)),
            new(redis, time),
            Options.Create(new PipelineOptions { Lanes = WriterRig.Lanes }),
            NullLogger<WriterService>.Instance);
    }

    /// <summary>Of an installation where nothing was ever uploaded.</summary>
    private LateMapSweep LateMaps(IErrorStore store, RedisConnection redis, TimeProvider time)
    {
        var artifacts = new SqliteArtifactReader(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n"), "artifacts.db"));
        return new(
            new(store, redis, RedLockFactory.Create([redis]), Status, time), artifacts, new(artifacts, (_, _) => [], new(), time),
            new PolicyFeed(new(redis), TimeProvider.System, NullLogger<PolicyFeed>.Instance), NullLogger<LateMapSweep>.Instance);
    }

    public WriterService Service { get; }

    public WriterStatus Status { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await Service.StopAsync(CancellationToken.None);
        Service.Dispose();
        await _store.DisposeAsync();
        await _redis.DisposeAsync();
    }
}

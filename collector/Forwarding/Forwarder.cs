using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using ErrorPipeline.Collector.Admission;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Forwarding;

/// <summary>Runs the lanes' forwarders and, once a second, what keeps the log small: see <see cref="LogKeeper"/>.</summary>
internal sealed class Forwarder : IHostedService, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int SettleTicks = 3;

    private readonly WriteAheadLog _log;
    private readonly ForwardCalls _redis;
    private readonly EdgeCounts _edge;
    private readonly ForwardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Forwarder> _logger;
    private readonly int _liveLanes;
    private readonly LaneForwarder[] _lanes;
    private readonly LogKeeper _keeper;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopTicking = new();
    private Task _running = Task.CompletedTask;
    private Task _ticking = Task.CompletedTask;

    public Forwarder(
        WriteAheadLog log, ForwardCalls redis, EdgeCounts edge, IOptions<ForwardOptions> options, IOptions<SpoolOptions> spool,
        IOptions<PipelineOptions> pipeline, TimeProvider time, ILogger<Forwarder> logger)
    {
        (_log, _redis, _edge, _options, _time, _logger) = (log, redis, edge, options.Value, time, logger);
        _liveLanes = pipeline.Value.Lanes;
        var settled = new SettledFile(log.Folder);
        // Records of a lane beyond the number set are left over from before it was changed: they too must go.
        var beyond = log.Folder.Segments.SelectMany(s => Enumerable.Range(0, Segment.MostLanes).Where(lane => s.Last(lane) > 0));
        var lanes = beyond.Append(_liveLanes - 1).Max() + 1;
        _lanes = [.. Lane.All(lanes).Select(lane => new LaneForwarder(lane, log.Folder, redis, _options, settled, logger))];
        _keeper = new(log.Folder, _lanes, redis, settled, spool.Value, time, logger);
        log.Appended = Wake;
        Observe();
    }

    /// <summary>What the heartbeat tells of this log.</summary>
    public JsonObject Facts()
    {
        var lanes = new JsonObject();
        foreach (var lane in _lanes)
        {
            var (appended, confirmed) = lane.Progress();
            lanes[lane.Lane.Name] = new JsonObject { ["appended"] = appended, ["confirmed"] = confirmed };
        }

        return new()
        {
            ["log"] = lanes,
            ["logBytes"] = _log.Folder.Bytes,
            ["oldestUnforwardedSeconds"] = Math.Round(_lanes.Max(lane => Age(lane.WaitingSince)), 1),
        };
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(_lanes.Select(lane => Task.Run(() => lane.RunAsync(_stop.Token), CancellationToken.None)));
        _ticking = Task.Run(TickAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>By now no request is taken any more. Sends on what it can for a few seconds.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopTicking.CancelAsync();
        await _ticking;
        await WriteEdgeCountsAsync();
        var until = _time.GetTimestamp();
        while (!Array.TrueForAll(_lanes, lane => lane.IsDrained) && _time.GetElapsedTime(until) < _options.ForwardAtStop && !cancellationToken.IsCancellationRequested)
            await Task.Delay(20, CancellationToken.None);
        if (!Array.TrueForAll(_lanes, lane => lane.IsDrained))
            ForwardLog.StoppedEarly(_logger);
        await _stop.CancelAsync();
        await _running;
        _keeper.SaveSettled();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _stopTicking.Dispose();
        foreach (var lane in _lanes)
            lane.Dispose();
    }

    private void Wake()
    {
        foreach (var lane in _lanes)
            lane.Wake();
    }

    private async Task TickAsync()
    {
        try
        {
            for (var tick = 1; ; tick++)
            {
                await Beat.WaitAsync(Tick, _time, _stopTicking.Token);
                try
                {
                    await WriteEdgeCountsAsync();
                    await KeepAsync(settle: tick % SettleTicks == 0);
                }
                catch (Exception e)
                {
                    // Without this loop the log only grows, until requests are refused.
                    ForwardLog.NotKept(_logger, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task KeepAsync(bool settle)
    {
        try
        {
            if (settle)
                await _keeper.SettleAsync();
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisException)
        {
            // The lanes tell that Redis is away.
        }

        await _keeper.TrimAsync();
    }

    private async Task WriteEdgeCountsAsync()
    {
        var counts = _edge.Take();
        foreach (var lane in counts.GroupBy(c => c.ProjectId % _liveLanes))
        {
            var body = EdgeCounts.Write(lane);
            if (await _log.AppendOutcomesAsync(body, lane.Key, _time.GetUtcNow().ToUnixTimeMilliseconds()) != AppendResult.Durable)
                _edge.Restore(lane);
        }
    }

    private void Observe()
    {
        PipelineMeter.Instance.CreateObservableGauge(
            "errorpipeline_collector_log_bytes", () => _log.Folder.Bytes, "By", "What the log takes of the disk");
        PipelineMeter.Instance.CreateObservableGauge(
            "errorpipeline_collector_oldest_unforwarded_seconds",
            () => _lanes.Select(lane => new Measurement<double>(Age(lane.WaitingSince), new KeyValuePair<string, object?>("lane", lane.Lane.Name))),
            "s", "Age of the oldest event that Redis has not confirmed");
    }

    private double Age(long since) => since == 0 ? 0 : Math.Max(0, (_time.GetUtcNow().ToUnixTimeMilliseconds() - since) / 1000.0);
}

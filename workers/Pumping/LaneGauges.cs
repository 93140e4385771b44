using System.Diagnostics.Metrics;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>Depths, lag, totals and balance of every lane as metrics, read every few seconds.</summary>
internal sealed class LaneGauges : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly LaneLedger _ledger;
    private readonly IReadOnlyList<Lane> _lanes;
    private readonly TimeProvider _time;
    private readonly ILogger<LaneGauges> _log;
    private IReadOnlyList<LaneReading> _readings = [];

    public LaneGauges(LaneLedger ledger, IOptions<PipelineOptions> options, TimeProvider time, ILogger<LaneGauges> log)
    {
        (_ledger, _lanes, _time, _log) = (ledger, [.. Lane.All(options.Value.Lanes)], time, log);
        var meter = PipelineMeter.Instance;
        meter.CreateObservableGauge("errorpipeline_stream_entries", () => Depths(d => d.Entries), description: "Entries in a stream");
        meter.CreateObservableGauge("errorpipeline_stream_events", () => Depths(d => d.Events), description: "Events in a stream");
        meter.CreateObservableGauge("errorpipeline_stream_oldest_seconds", () => Depths(d => d.OldestSeconds), description: "Age of a stream's oldest entry");
        meter.CreateObservableGauge("errorpipeline_stream_pending", () => Depths(d => d.Pending), description: "Entries that workers hold");
        meter.CreateObservableGauge("errorpipeline_lane_balanced", () => Lanes(r => r.IsBalanced ? 1 : 0), description: "1 where accepted = outcomes + in flight");
        meter.CreateObservableGauge("errorpipeline_lane_dead_letters", () => Lanes(r => r.DeadLetters), description: "Letters kept");
        meter.CreateObservableGauge("errorpipeline_lane_seen_window_seconds", () => Lanes(r => r.SeenWindowSeconds), description: "How far back a re-sent event is recognized");
        meter.CreateObservableGauge("errorpipeline_lane_outcome_events", Totals, description: "Events by outcome since the lane was made");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, _time);
        do
        {
            try
            {
                _readings = await Task.WhenAll(_lanes.Select(_ledger.ReadAsync));
            }
            catch (RedisUnavailableException e)
            {
                _readings = [];
                PumpLog.NoReading(_log, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<double>> Depths(Func<StreamDepth, double> value) =>
        from reading in _readings
        from depth in reading.Streams
        select new Measurement<double>(value(depth), new("lane", reading.Lane.Name), new KeyValuePair<string, object?>("stream", depth.Name));

    private IEnumerable<Measurement<double>> Lanes(Func<LaneReading, double> value) =>
        _readings.Select(r => new Measurement<double>(value(r), new KeyValuePair<string, object?>("lane", r.Lane.Name)));

    private IEnumerable<Measurement<double>> Totals() =>
        from reading in _readings
        from total in reading.Totals
        select new Measurement<double>(total.Value, new("lane", reading.Lane.Name), new KeyValuePair<string, object?>("outcome", total.Key));
}

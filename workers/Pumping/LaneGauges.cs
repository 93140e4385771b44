using System.Diagnostics.Metrics;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Shared.Watching;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>Depths, lag, totals and balance of every lane as metrics, as the watch last read them.</summary>
internal sealed class LaneGauges(PipelineWatch watch)
{
    public void Show()
    {
        var meter = PipelineMeter.Instance;
        meter.CreateObservableGauge("errorpipeline_stream_entries", () => Depths(d => d.Entries), description: "Entries in a stream");
        meter.CreateObservableGauge("errorpipeline_stream_events", () => Depths(d => d.Events), description: "Events in a stream");
        meter.CreateObservableGauge("errorpipeline_stream_oldest_seconds", () => Depths(d => d.OldestSeconds), description: "Age of a stream's oldest entry");
        meter.CreateObservableGauge("errorpipeline_stream_pending", () => Depths(d => d.Pending), description: "Entries that workers hold");
        meter.CreateObservableGauge("errorpipeline_lane_balanced", () => Lanes(r => r.IsBalanced ? 1 : 0), description: "1 where accepted = outcomes + in flight");
        meter.CreateObservableGauge("errorpipeline_lane_unbalanced_seconds", () => Lanes(r => r.UnbalancedFor.TotalSeconds), description: "How long a lane has not balanced; 0 where it does");
        meter.CreateObservableGauge("errorpipeline_lane_in_flight_events", () => Lanes(r => r.InFlight), description: "Events measured in a lane's streams");
        meter.CreateObservableGauge("errorpipeline_lane_dead_letters", () => Lanes(r => r.DeadLetters), description: "Letters kept");
        meter.CreateObservableGauge("errorpipeline_lane_seen_window_seconds", () => Lanes(r => r.SeenWindowSeconds), description: "How far back a re-sent event is recognized");
        meter.CreateObservableGauge("errorpipeline_lane_outcome_events", () => ByName(r => r.Totals, "outcome"), description: "Events by outcome since the lane was made");
        meter.CreateObservableGauge("errorpipeline_lane_noted_events", () => ByName(r => r.Notes, "note"), description: "Events beside the balance: replayed, dead by stage");
    }

    private IEnumerable<Measurement<double>> Depths(Func<StreamDepth, double> value) =>
        from reading in watch.Lanes
        from depth in reading.Streams
        select new Measurement<double>(value(depth), new("lane", reading.Lane.Name), new KeyValuePair<string, object?>("stream", depth.Name));

    private IEnumerable<Measurement<double>> Lanes(Func<LaneReading, double> value) =>
        watch.Lanes.Select(r => new Measurement<double>(value(r), new KeyValuePair<string, object?>("lane", r.Lane.Name)));

    private IEnumerable<Measurement<double>> ByName(Func<LaneReading, IReadOnlyDictionary<string, long>> counts, string tag) =>
        from reading in watch.Lanes
        from count in counts(reading)
        select new Measurement<double>(count.Value, new("lane", reading.Lane.Name), new KeyValuePair<string, object?>(tag, count.Key));
}

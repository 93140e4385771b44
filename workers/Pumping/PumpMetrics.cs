using System.Diagnostics.Metrics;
using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Workers.Pumping;

internal static class PumpMetrics
{
    public static readonly Counter<long> Events = Counter("events", "Events that a stage moved on");
    public static readonly Counter<long> Batches = Counter("batches", "Batches that a stage moved on");
    public static readonly Counter<long> Lost = PipelineMeter.Instance.CreateCounter<long>("errorpipeline_hop_lost_total", description: "Entries that were another's when the hop came: the work was thrown away");
    public static readonly Counter<long> Seen = PipelineMeter.Instance.CreateCounter<long>("errorpipeline_hop_seen_total", description: "Hops that found events which were seen before, and were computed again");
    public static readonly Counter<long> BelowFloor = PipelineMeter.Instance.CreateCounter<long>("errorpipeline_hop_below_floor_total", description: "Hops that had to wait for the writer to publish its cursor");
    public static readonly Counter<long> Reclaimed = Counter("reclaimed", "Entries taken over from workers that are gone");
    public static readonly Counter<long> Faults = Counter("faults", "Batches in which a stage threw");
    public static readonly Counter<long> Unbalanced = Counter("unbalanced", "Stage calls that lost or invented events");
    public static readonly Counter<long> Quarantined = Counter("quarantined", "Messages tried alone in a child process");
    public static readonly Counter<long> Dead = Counter("dead", "Letters that went to the dead");
    public static readonly Counter<long> Parked = Counter("parked", "Entries of a version that this build does not know");
    public static readonly Counter<long> Errors = Counter("errors", "Rounds of a pump that ended in an error of the infrastructure");
    public static readonly Histogram<double> Seconds = PipelineMeter.Instance.CreateHistogram<double>("errorpipeline_stage_seconds", "s", "Time from the read of a batch to its hop");

    public static KeyValuePair<string, object?> Of(string stage) => new("stage", stage);

    private static Counter<long> Counter(string what, string description) =>
        PipelineMeter.Instance.CreateCounter<long>($"errorpipeline_stage_{what}_total", description: description);
}

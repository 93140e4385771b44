using System.Diagnostics.Metrics;
using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Workers.Write;

internal static class WriterMetrics
{
    private static readonly Meter Meter = PipelineMeter.Instance;

    public static readonly Gauge<long> Leading =
        Meter.CreateGauge<long>("errorpipeline_writer_leading", description: "1 where this process leads, 0 where it stands by");

    public static readonly Gauge<long> StoppedStreams =
        Meter.CreateGauge<long>("errorpipeline_writer_stopped_streams", description: "Streams that stopped at an entry this build cannot read");

    public static readonly Counter<long> Entries =
        Meter.CreateCounter<long>("errorpipeline_writer_entries_total", description: "Stream entries committed to the store");

    public static readonly Counter<long> Events =
        Meter.CreateCounter<long>("errorpipeline_writer_events_total", description: "Events committed to the store");

    public static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("errorpipeline_writer_refused_total", description: "Events of deltas that the store refused for good");

    public static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("errorpipeline_writer_failures_total", description: "Rounds that failed and were tried again");

    public static readonly Counter<long> Fenced =
        Meter.CreateCounter<long>("errorpipeline_writer_fenced_total", description: "Times that the store refused this writer because another leads");

    public static readonly Counter<long> CursorMoved =
        Meter.CreateCounter<long>("errorpipeline_writer_cursor_moved_total", description: "Commits that had no effect because somebody else had applied those entries");

    public static readonly Counter<long> Purged =
        Meter.CreateCounter<long>("errorpipeline_writer_purged_total", description: "Samples and hourly counts that retention deleted");

    public static readonly Gauge<double> ReceiptsOldest =
        Meter.CreateGauge<double>("errorpipeline_receipts_oldest_seconds", "s", "How far back it can be told where an event went");

    public static readonly Gauge<long> ReceiptsBytes =
        Meter.CreateGauge<long>("errorpipeline_receipts_bytes", "By", "What receipts take of the store");

    public static readonly Histogram<double> ApplySeconds =
        Meter.CreateHistogram<double>("errorpipeline_writer_apply_seconds", description: "Time of one commit");
}

using System.Diagnostics.Metrics;
using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Collector.Spool;

internal static class SpoolMetrics
{
    public static readonly Counter<long> TornTails = PipelineMeter.Instance.CreateCounter<long>(
        "errorpipeline_collector_log_torn_tails_total", description: "Incomplete last writes that were cut off at a start");

    public static readonly Counter<long> DamagedBytes = PipelineMeter.Instance.CreateCounter<long>(
        "errorpipeline_collector_log_damaged_bytes_total", "By", "Bytes of the log that could not be read");

    public static readonly Counter<long> Failures = PipelineMeter.Instance.CreateCounter<long>(
        "errorpipeline_collector_log_failures_total", description: "Writes or fsyncs of the log that failed");

    public static readonly Counter<long> Commits = PipelineMeter.Instance.CreateCounter<long>(
        "errorpipeline_collector_log_commits_total", description: "Groups of requests made durable with one fsync");

    public static readonly Histogram<double> FlushSeconds = PipelineMeter.Instance.CreateHistogram<double>(
        "errorpipeline_collector_log_flush_seconds", "s", "Write and fsync of one group",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] });
}

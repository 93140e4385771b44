using System.Diagnostics.Metrics;
using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Collector.Admission;

internal static class AdmissionMetrics
{
    public static readonly Counter<long> Accepted = PipelineMeter.Instance.CreateCounter<long>(
        "errorpipeline_collector_accepted_total", description: "Events answered 202");

    public static readonly Counter<long> Rejected = PipelineMeter.Instance.CreateCounter<long>(
        "errorpipeline_collector_rejected_total", description: "Requests refused, by reason");

    public static readonly Counter<long> Bytes = PipelineMeter.Instance.CreateCounter<long>(
        "errorpipeline_collector_accepted_bytes_total", "By", "Decompressed bytes of accepted requests");
}

using System.Diagnostics.Metrics;
using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Collector.Forwarding;

internal static class ForwardMetrics
{
    public static readonly Counter<long> Forwarded = PipelineMeter.Instance.CreateCounter<long>(
        "errorpipeline_collector_forwarded_total", description: "Events that Redis confirmed");

    public static readonly Counter<long> Rewinds = PipelineMeter.Instance.CreateCounter<long>(
        "errorpipeline_collector_forward_rewinds_total", description: "Times that Redis had lost what it confirmed, and got it again");
}

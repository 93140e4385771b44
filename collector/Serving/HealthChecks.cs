using ErrorPipeline.Collector.Admission;
using ErrorPipeline.Collector.Spool;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ErrorPipeline.Collector.Serving;

/// <summary>Ready check "log": events can be made durable. Redis is no part of it: the log bridges its absence.</summary>
internal sealed class LogCheck(WriteAheadLog log) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(log.Trouble switch
        {
            null => HealthCheckResult.Healthy($"{log.Folder.Bytes} bytes"),
            AppendResult.Full => HealthCheckResult.Unhealthy("the log is full: Redis has been away for long, or the disk is full"),
            _ => HealthCheckResult.Unhealthy("the log's disk fails"),
        });
}

/// <summary>Ready check "configuration": some configuration is known, be it old.</summary>
internal sealed class ConfigurationCheck(ProjectDirectory projects) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(projects.IsKnown
            ? HealthCheckResult.Healthy($"revision {projects.Revision}")
            : HealthCheckResult.Unhealthy("no project is known yet: web must have run once, and Redis be reachable"));
}

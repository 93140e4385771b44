using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ErrorPipeline.Workers.Write;

/// <summary>Ready check "writer": standing by is fine, waiting for the store, or long for a commit, or before an unreadable entry is not.</summary>
internal sealed class WriterCheck(WriterStatus status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (status.Problem is { } problem)
            return HealthCheckResult.Unhealthy(problem);
        if (status.Stopped.Count > 0)
            return HealthCheckResult.Unhealthy(string.Join("; ", status.Stopped.Select(s => $"{s.Key} is stopped at {s.Value}")));
        if (status.SlowCommit is { } taken)
            return HealthCheckResult.Degraded($"the store is slow: a commit took {taken.TotalSeconds:0.0} s");
        return HealthCheckResult.Healthy(status.IsLeading ? "leads" : "stands by");
    }
}

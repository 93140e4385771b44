using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace ErrorPipeline.Shared.Hosting;

/// <summary>
/// Runs the health checks every few seconds whether or not anybody asks, so that what is wrong with a process shows in its metrics, its
/// log and, by its heartbeat, on the pipeline page.
/// </summary>
public sealed class HealthReports(ILogger<HealthReports> log) : IHealthCheckPublisher
{
    /// <summary>Checks with this tag speak of the whole installation, not of this process.</summary>
    public const string InstallationTag = "installation";

    private static readonly Gauge<double> Status = PipelineMeter.Instance.CreateGauge<double>(
        "errorpipeline_health", description: "1 where a check of this process is healthy, 0.5 where it is degraded, 0 where it fails");

    private IReadOnlyDictionary<string, HealthReportEntry> _latest = new Dictionary<string, HealthReportEntry>();

    /// <summary>What is wrong with this process now: [{"check", "status", "why"}], for its heartbeat.</summary>
    public JsonArray Troubles() => new([.. Volatile.Read(ref _latest)
        .Where(e => e.Value.Status != HealthStatus.Healthy && !e.Value.Tags.Contains(InstallationTag))
        .Select(e => (JsonNode)new JsonObject { ["check"] = e.Key, ["status"] = e.Value.Status.ToString(), ["why"] = e.Value.Description ?? "" })]);

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        foreach (var (check, entry) in report.Entries)
        {
            Status.Record((int)entry.Status / 2.0, new KeyValuePair<string, object?>("check", check));
            var before = _latest.TryGetValue(check, out var known) ? known.Status : HealthStatus.Healthy;
            if (entry.Status < before)
                HealthLog.Worse(log, check, entry.Status);
            else if (entry.Status > before)
                HealthLog.Better(log, check, entry.Status);
        }

        Volatile.Write(ref _latest, report.Entries);
        return Task.CompletedTask;
    }
}

internal static partial class HealthLog
{
    [LoggerMessage(1450, LogLevel.Warning, "Health check {Check} is {Status}")]
    public static partial void Worse(ILogger logger, string check, HealthStatus status);

    [LoggerMessage(1451, LogLevel.Information, "Health check {Check} is {Status} again")]
    public static partial void Better(ILogger logger, string check, HealthStatus status);
}

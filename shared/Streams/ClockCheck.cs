using System.Diagnostics.Metrics;
using System.Globalization;
using ErrorPipeline.Shared.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// Check "clock": tells of a process whose clock is not that of Redis. Nothing is lost or doubled by it, but an issue is shown as first or last
/// seen when it was not. Never unhealthy, and without Redis it says nothing.
/// </summary>
public sealed class ClockCheck(RedisConnection redis, TimeProvider time) : IHealthCheck
{
    /// <summary>Far beyond what NTP leaves, and less than people would notice in a list of issues.</summary>
    private static readonly TimeSpan Wrong = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly Gauge<double> Offset = PipelineMeter.Instance.CreateGauge<double>(
        "errorpipeline_clock_offset_seconds", "s", "How far the clock of this process is ahead of Redis'");

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var (before, asked) = (time.GetUtcNow(), time.GetTimestamp());
            var answer = (string[])(await redis.ExecuteAsync("TIME").WaitAsync(Longest, cancellationToken))!;
            var ahead = before + (time.GetElapsedTime(asked) / 2) - At(answer);
            Offset.Record(ahead.TotalSeconds);
            return ahead.Duration() < Wrong
                ? HealthCheckResult.Healthy($"{ahead.TotalMilliseconds:0} ms ahead of Redis'")
                : HealthCheckResult.Degraded($"the clock here is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} Redis': set both by NTP, else errors are shown at wrong times");
        }
        catch (Exception e) when (e is RedisUnavailableException or TimeoutException)
        {
            return HealthCheckResult.Healthy("not known: Redis does not answer");
        }
    }

    /// <summary>TIME answers seconds and microseconds.</summary>
    private static DateTimeOffset At(string[] time) =>
        DateTimeOffset.UnixEpoch.AddSeconds(long.Parse(time[0], CultureInfo.InvariantCulture)).AddMicroseconds(long.Parse(time[1], CultureInfo.InvariantCulture));
}

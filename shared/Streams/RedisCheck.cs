using System.Diagnostics.Metrics;
using ErrorPipeline.Shared.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ErrorPipeline.Shared.Streams;

/// <summary>Ready check "redis": proves a round trip, and tells when it takes too long.</summary>
public sealed class RedisCheck(RedisConnection redis) : IHealthCheck
{
    /// <summary>A hop is one round trip: at a quarter of a second each a lane moves four batches a second, and queues begin to grow.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly Gauge<double> Taken = PipelineMeter.Instance.CreateGauge<double>(
        "errorpipeline_redis_ping_seconds", "s", "The last round trip to Redis; -1 where none came back");

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var taken = await redis.PingAsync().WaitAsync(Longest, cancellationToken);
            Taken.Record(taken.TotalSeconds);
            var text = $"answers in {taken.TotalMilliseconds:0.0} ms";
            return taken < Slow ? HealthCheckResult.Healthy(text) : HealthCheckResult.Degraded(text + ": that is slow");
        }
        catch (Exception e) when (e is RedisUnavailableException or TimeoutException)
        {
            Taken.Record(-1);
            return HealthCheckResult.Unhealthy($"{redis.Servers} does not answer");
        }
    }
}

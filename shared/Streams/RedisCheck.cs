using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ErrorPipeline.Shared.Streams;

/// <summary>Ready check "redis": proves a round trip.</summary>
public sealed class RedisCheck(RedisConnection redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var taken = await redis.PingAsync().WaitAsync(TimeSpan.FromSeconds(2), cancellationToken);
            return HealthCheckResult.Healthy($"answers in {taken.TotalMilliseconds:0.0} ms");
        }
        catch (Exception e) when (e is RedisUnavailableException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"{redis.Servers} does not answer");
        }
    }
}

using ErrorPipeline.Shared.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ErrorPipeline.Web.Serving;

/// <summary>Ready means that people can sign in. Without Redis or the writer, web still serves what is stored.</summary>
internal sealed class ConfigStoreCheck(IConfigStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await store.CountUsersAsync(cancellationToken) > 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("the first user is not made yet");
        }
        catch (StoreUnavailableException e)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }
}

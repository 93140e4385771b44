using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Locking;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.LateMaps;
using ErrorPipeline.Workers.Normalize.Policies;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Write;

internal static class WriterRegistration
{
    /// <summary>The stage <c>write</c>. Needs the streams and an <see cref="IErrorStore"/>, registered elsewhere.</summary>
    public static IServiceCollection AddWriter(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection(RetentionOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        services.AddSingleton<WriterStatus>();
        services.AddSingleton(provider => RedLockFactory.Create([provider.GetRequiredService<RedisConnection>()]));
        services.AddSingleton<WriterParts>();
        services.AddPolicies();
        services.AddSingleton<RetentionSweep>();
        services.AddSingleton<LateMapSweep>();
        services.AddSingleton<WakeSweep>();
        services.AddSingleton<WriterChores>();
        services.AddHostedService<WriterService>();
        services.AddHealthChecks().AddCheck<WriterCheck>("writer", tags: [ErrorPipelineDefaults.ReadyTag]);
        return services;
    }
}

using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Watching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Shared.Streams;

public static class StreamsRegistration
{
    /// <summary>
    /// Registers the connection to Redis (from <see cref="PipelineOptions"/>), everything that speaks to the lanes, the ready checks "redis" and "clock" and the
    /// heartbeat of this process. <paramref name="facts"/> is what the heartbeat tells beside the process itself.
    /// </summary>
    public static IServiceCollection AddStreams(this IServiceCollection services, Func<IServiceProvider, JsonObject>? facts = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(SeenLimits.Default);
        services.AddSingleton(provider => new RedisConnection(
            provider.GetRequiredService<IOptions<PipelineOptions>>().Value.Redis,
            "errorpipeline-" + provider.GetRequiredService<ProcessRole>().Name));
        services.AddSingleton<LaneForwarding>();
        services.AddSingleton<LaneHop>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<ParkedEntries>();
        services.AddSingleton<CommandStream>();
        services.AddSingleton<LaneLedger>();
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<EventSearch>();
        services.AddSingleton<QueueCensus>();
        services.AddSingleton<WakeUps>();
        services.AddSingleton<ConfigChannel>();
        services.AddSingleton<ProcessRegistry>();
        services.AddSingleton<WorkerRoll>();
        services.AddSingleton(provider => new Heartbeat(
            provider.GetRequiredService<ProcessRegistry>(),
            provider.GetRequiredService<ProcessRole>().Name,
            () => WithTroubles(facts?.Invoke(provider) ?? [], provider.GetService<HealthReports>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Heartbeat>>()));
        services.AddHostedService(provider => provider.GetRequiredService<Heartbeat>());
        services.AddHealthChecks().AddCheck<RedisCheck>("redis", tags: [ErrorPipelineDefaults.ReadyTag]).AddCheck<ClockCheck>("clock", tags: [ErrorPipelineDefaults.ReadyTag]);
        return services;
    }

    /// <summary>Watches the whole pipeline from this process: see <see cref="PipelineWatch"/>. After <see cref="AddStreams"/>.</summary>
    public static IServiceCollection AddPipelineWatch(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<WatchOptions>().Bind(configuration.GetSection(WatchOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WatchOptions>, WatchOptionsValidator>();
        services.AddSingleton<PipelineWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<PipelineWatch>());
        services.AddHealthChecks().AddCheck<PipelineWatch>("pipeline", tags: [ErrorPipelineDefaults.ReadyTag, HealthReports.InstallationTag]);
        return services;
    }

    private static JsonObject WithTroubles(JsonObject facts, HealthReports? reports)
    {
        if (reports?.Troubles() is { Count: > 0 } troubles)
            facts["troubles"] = troubles;
        return facts;
    }
}

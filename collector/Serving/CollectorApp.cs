using ErrorPipeline.Collector.Admission;
using ErrorPipeline.Collector.Agent;
using ErrorPipeline.Collector.Clients;
using ErrorPipeline.Collector.Forwarding;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Serving;

/// <summary>Puts the collector together.</summary>
internal static class CollectorApp
{
    private const string Section = "Collector";

    /// <param name="change">Tests replace single services.</param>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? change = null)
    {
        var builder = WebApplication.CreateSlimBuilder(ErrorPipelineDefaults.HostArguments(args));
        builder.AddErrorPipelineDefaults("collector", args);
        AddOptions(builder);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddStreams(services => services.GetRequiredService<Forwarder>().Facts());
        AddServices(builder.Services);
        change?.Invoke(builder.Services);

        var app = builder.Build();
        // Listens before the log is opened: what is found damaged there is counted then.
        _ = app.Services.GetRequiredService<MetricsText>();
        if (app.Services.GetRequiredService<IOptions<ServeOptions>>().Value.BasePath is { Length: > 0 } path)
            app.UsePathBase(path);
        app.UseRouting();
        var surface = app.Services.GetRequiredService<Surface>();
        app.Use(surface.HandleAsync);
        app.MapErrorPipelineDefaults();
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        Add<AdmitOptions, AdmitOptionsValidator>(builder);
        Add<SpoolOptions, SpoolOptionsValidator>(builder);
        Add<ForwardOptions, ForwardOptionsValidator>(builder);
        Add<ServeOptions, ServeOptionsValidator>(builder);
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>();
    }

    private static void Add<TOptions, TValidator>(WebApplicationBuilder builder)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        builder.Services.AddOptions<TOptions>().Bind(builder.Configuration.GetSection(Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(Disk.Real);
        services.AddSingleton<WriteAheadLog>();
        services.AddSingleton<ProjectDirectory>();
        services.AddSingleton<ClientAddress>();
        services.AddSingleton<EdgeCounts>();
        services.AddSingleton<UnansweredRequests>();
        services.AddSingleton<Gate>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton<AsideEndpoint>();
        services.AddSingleton(new AgentFiles(Path.Combine(AppContext.BaseDirectory, "agent", "agent.js")));
        services.AddSingleton<Surface>();
        services.AddSingleton<CertificateFiles>();
        services.AddSingleton(provider => ForwardCalls.To(provider.GetRequiredService<RedisConnection>(), provider.GetRequiredService<LaneForwarding>()));
        services.AddSingleton<Forwarder>();

        // Stopped in the opposite order, after the server: what was taken is forwarded, then the log is closed.
        services.AddHostedService(provider => provider.GetRequiredService<Forwarder>());
        services.AddHostedService<ConfigFeed>();

        services.AddHealthChecks()
            .AddCheck<LogCheck>("log", tags: [ErrorPipelineDefaults.ReadyTag])
            .AddCheck<ConfigurationCheck>("configuration", tags: [ErrorPipelineDefaults.ReadyTag]);
        services.Configure<HealthCheckServiceOptions>(health =>
        {
            // The collector answers 202 without Redis, so it is ready without it.
            foreach (var redis in health.Registrations.Where(r => r.Name == "redis"))
                redis.Tags.Clear();
        });
    }
}

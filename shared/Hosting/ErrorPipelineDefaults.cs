using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Shared.Hosting;

/// <summary>What every process has in common: where settings come from, logs, health, metrics and a graceful stop.</summary>
public static class ErrorPipelineDefaults
{
    /// <summary>The prefix of environment variables; <c>__</c> separates sections.</summary>
    public const string EnvironmentPrefix = "ERRORPIPELINE_";

    /// <summary>Health checks with this tag decide <c>/healthz/ready</c>.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// What a host is made with. By itself it would watch the working directory and all below it for changed settings, which takes a while
    /// and, in a large folder, all the watches that the system gives; settings are read at the start alone.
    /// </summary>
    public static string[] HostArguments(params IReadOnlyList<string> args) => ["--hostBuilder:reloadConfigOnChange=false", .. args];

    /// <summary>
    /// Adds settings (errorpipeline.json, then environment, then command line), Serilog, health checks, metrics and
    /// <see cref="PipelineOptions"/>. <paramref name="role"/> is the process's name in logs and metrics: "collector".
    /// </summary>
    public static WebApplicationBuilder AddErrorPipelineDefaults(this WebApplicationBuilder builder, string role, string[] args)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Configuration
            .AddJsonFile("errorpipeline.json", optional: true, reloadOnChange: false)
            .AddEnvironmentVariables(EnvironmentPrefix)
            .AddCommandLine(args);
        if (builder.Configuration["Urls"] is { Length: > 0 } urls)
            builder.WebHost.UseUrls(urls);

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new ProcessRole(role));
        builder.Services.AddOptions<PipelineOptions>().Bind(builder.Configuration).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PipelineOptions>, PipelineOptionsValidator>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddHealthChecks();
        builder.Services.AddSingleton<HealthReports>();
        builder.Services.AddSingleton<IHealthCheckPublisher>(provider => provider.GetRequiredService<HealthReports>());
        builder.Services.Configure<HealthCheckPublisherOptions>(health => (health.Delay, health.Period, health.Timeout) =
            (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));
        builder.Services.AddSingleton<MetricsText>();
        builder.Logging.AddErrorPipelineLogs(builder.Configuration, role);
        return builder;
    }

    /// <summary>Maps <c>/healthz/live</c>, <c>/healthz/ready</c> and <c>/metrics</c>, open to anyone who reaches the port.</summary>
    public static IEndpointRouteBuilder MapErrorPipelineDefaults(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var metrics = app.ServiceProvider.GetRequiredService<MetricsText>();
        app.MapHealthChecks("/healthz/live", Health(_ => false)).AllowAnonymous();
        app.MapHealthChecks("/healthz/ready", Health(check => check.Tags.Contains(ReadyTag))).AllowAnonymous();
        app.MapGet("/metrics", metrics.WriteAsync).AllowAnonymous();
        return app;
    }

    private static HealthCheckOptions Health(Func<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckRegistration, bool> which) =>
        new() { Predicate = which, ResponseWriter = HealthText.WriteAsync };
}

/// <summary>Name of this process in logs, metrics and heartbeats.</summary>
public sealed record ProcessRole(string Name);

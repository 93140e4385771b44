using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace ErrorPipeline.Shared.Hosting;

internal static class Logs
{
    private const string Text = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    /// <summary>
    /// JSON lines on standard output, or plain text where LogFormat=text. The level is LogLevel (Information); a Serilog
    /// section overrides anything. Written by a thread of its own, so that a slow terminal never stops a request.
    /// </summary>
    public static void AddErrorPipelineLogs(this ILoggingBuilder logging, IConfiguration configuration, string role)
    {
        var text = string.Equals(configuration["LogFormat"], "text", StringComparison.OrdinalIgnoreCase);
        var level = Enum.TryParse<LogEventLevel>(configuration["LogLevel"], ignoreCase: true, out var wanted) ? wanted : LogEventLevel.Information;
        var setup = new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            // Startup says the same in one line.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            // While it may log anything, even a failure, it makes an activity and a scope for every request. What fails is logged by Kestrel.
            .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
            // A probe asks several times a minute; what changed is logged by the part that it happened to.
            .MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            .Enrich.WithProperty("Role", role)
            .WriteTo.Async(to =>
            {
                if (text)
                    to.Console(outputTemplate: Text, formatProvider: System.Globalization.CultureInfo.InvariantCulture);
                else
                    to.Console(new JsonFormatter(renderMessage: true));
            });
        // Looking for sinks among the assemblies takes a while at each start.
        if (configuration.GetSection("Serilog").Exists())
            setup.ReadFrom.Configuration(configuration);
        var logger = setup.CreateLogger();
        Log.Logger = logger;
        logging.ClearProviders();
        logging.AddSerilog(logger, dispose: true);
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Hosting;

/// <summary>Settings that all processes share.</summary>
public sealed class PipelineOptions
{
    /// <summary>"host:port", several separated by commas, further options as StackExchange.Redis reads them ("password=...").</summary>
    public string Redis { get; set; } = "127.0.0.1:6379";

    /// <summary>Number of lanes, fixed at installation: 1 to 99.</summary>
    public int Lanes { get; set; } = 2;

    /// <summary>Folder of all files that a process keeps.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Verbose, Debug, Information, Warning, Error or Fatal.</summary>
    public string LogLevel { get; set; } = "Information";

    /// <summary>json or text.</summary>
    public string LogFormat { get; set; } = "json";

    /// <summary>
    /// The settings as a process of this machine has them, for a command that runs beside it: errorpipeline.json, then environment, then what the
    /// command was told. Throws <see cref="UsageException"/>.
    /// </summary>
    public static (PipelineOptions Options, IConfiguration All) ReadFor(OperatorArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var all = new ConfigurationBuilder()
            .AddJsonFile(Path.GetFullPath("errorpipeline.json"), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables(ErrorPipelineDefaults.EnvironmentPrefix)
            .Build();
        var options = all.Get<PipelineOptions>() ?? new();
        options.Redis = arguments["--redis"] ?? options.Redis;
        options.Lanes = arguments.Number("--lanes") ?? options.Lanes;
        return new PipelineOptionsValidator().Validate(null, options) is { Failed: true } bad
            ? throw new UsageException(bad.FailureMessage)
            : (options, all);
    }
}

internal sealed class PipelineOptionsValidator : IValidateOptions<PipelineOptions>
{
    public ValidateOptionsResult Validate(string? name, PipelineOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Redis))
            return ValidateOptionsResult.Fail("ERRORPIPELINE_REDIS is empty: give host:port of the Redis server, such as 127.0.0.1:6379");
        if (WhyNoServers(options.Redis) is { } why)
            return ValidateOptionsResult.Fail($"ERRORPIPELINE_REDIS is not host:port, more by comma, options such as password=... behind: {why}");
        if (!Enum.TryParse<Serilog.Events.LogEventLevel>(options.LogLevel, ignoreCase: true, out _))
            return ValidateOptionsResult.Fail($"ERRORPIPELINE_LOGLEVEL is {options.LogLevel}: allowed are {string.Join(", ", Enum.GetNames<Serilog.Events.LogEventLevel>())}");
        if (options.LogFormat.ToLowerInvariant() is not ("json" or "text"))
            return ValidateOptionsResult.Fail($"ERRORPIPELINE_LOGFORMAT is {options.LogFormat}: allowed are json and text");
        if (options.Lanes is < 1 or > 99)
            return ValidateOptionsResult.Fail($"ERRORPIPELINE_LANES is {options.Lanes}: allowed are 1 to 99");
        return string.IsNullOrWhiteSpace(options.DataDirectory)
            ? ValidateOptionsResult.Fail("ERRORPIPELINE_DATADIRECTORY is empty: name a folder that this process may write to")
            : ValidateOptionsResult.Success;
    }

    /// <summary>Null where the client understands it. Says nothing of the value: there may be a password in it.</summary>
    private static string? WhyNoServers(string redis)
    {
        try
        {
            return ConfigurationOptions.Parse(redis).EndPoints.Count > 0 ? null : "it names no server";
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return "an option in it is not known or has a wrong value";
        }
    }
}

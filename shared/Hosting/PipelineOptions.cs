using Microsoft.Extensions.Options;

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
}

internal sealed class PipelineOptionsValidator : IValidateOptions<PipelineOptions>
{
    public ValidateOptionsResult Validate(string? name, PipelineOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Redis))
            return ValidateOptionsResult.Fail("ERRORPIPELINE_REDIS is empty: give host:port of the Redis server, such as 127.0.0.1:6379");
        if (options.Lanes is < 1 or > 99)
            return ValidateOptionsResult.Fail($"ERRORPIPELINE_LANES is {options.Lanes}: allowed are 1 to 99");
        return string.IsNullOrWhiteSpace(options.DataDirectory)
            ? ValidateOptionsResult.Fail("ERRORPIPELINE_DATADIRECTORY is empty: name a folder that this process may write to")
            : ValidateOptionsResult.Success;
    }
}

using ErrorPipeline.Shared.Hosting;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Forwarding;

/// <summary>How the log goes to Redis; section <c>Collector</c>.</summary>
internal sealed class ForwardOptions
{
    /// <summary>Most events of one batch.</summary>
    public int ForwardEvents { get; set; } = 500;

    /// <summary>Most bytes of one batch; a single larger event goes alone.</summary>
    public int ForwardBytes { get; set; } = 1 << 20;

    /// <summary>How long a stopping collector goes on forwarding. What is left waits in the log.</summary>
    public TimeSpan ForwardAtStop { get; set; } = TimeSpan.FromSeconds(5);
}

internal sealed class ForwardOptionsValidator : IValidateOptions<ForwardOptions>
{
    public ValidateOptionsResult Validate(string? name, ForwardOptions options)
    {
        if (options.ForwardEvents is < 1 or > 10_000)
            return Fail("FORWARDEVENTS", options.ForwardEvents, "1 to 10000");
        if (options.ForwardBytes is < 1024 or > 64 << 20)
            return Fail("FORWARDBYTES", options.ForwardBytes, "1024 to 67108864");
        return options.ForwardAtStop < TimeSpan.Zero || options.ForwardAtStop > TimeSpan.FromSeconds(20)
            ? Fail("FORWARDATSTOP", options.ForwardAtStop, "00:00:00 to 00:00:20")
            : ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Fail(string setting, object value, string allowed) => ValidateOptionsResult.Fail(
        $"{ErrorPipelineDefaults.EnvironmentPrefix}COLLECTOR__{setting} is {value}: allowed is {allowed}");
}

using ErrorPipeline.Shared.Hosting;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Serving;

/// <summary>How connections are taken; section <c>Collector</c>.</summary>
internal sealed class ServeOptions
{
    /// <summary>Path under which a proxy shows this collector, such as /errors; empty for none.</summary>
    public string BasePath { get; set; } = "";

    /// <summary>PEM file of the certificate (chain) for https addresses in ERRORPIPELINE_URLS; read again when it changes.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>PEM file of its key.</summary>
    public string KeyPath { get; set; } = "";

    public int MaxConnections { get; set; } = 10_000;

    /// <summary>All header fields of a request together.</summary>
    public int MaxHeaderBytes { get; set; } = 16 << 10;

    /// <summary>For the header fields to arrive.</summary>
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(65);

    /// <summary>A body that comes slower, after five seconds' grace, is refused.</summary>
    public double MinBytesPerSecond { get; set; } = 240;
}

internal sealed class ServeOptionsValidator : IValidateOptions<ServeOptions>
{
    public ValidateOptionsResult Validate(string? name, ServeOptions options)
    {
        if (options.BasePath.Length > 0 && (options.BasePath[0] != '/' || options.BasePath[^1] == '/'))
            return Fail("BASEPATH", options.BasePath, "empty, or a path that starts but does not end with a slash, such as /errors");
        if (options.CertificatePath.Length > 0 != options.KeyPath.Length > 0)
            return Fail("CERTIFICATEPATH", options.CertificatePath, "to be set together with ERRORPIPELINE_COLLECTOR__KEYPATH");
        if (options.MaxConnections < 1)
            return Fail("MAXCONNECTIONS", options.MaxConnections, "1 or more");
        if (options.MaxHeaderBytes is < 4096 or > 1 << 20)
            return Fail("MAXHEADERBYTES", options.MaxHeaderBytes, "4096 to 1048576");
        if (options.HeaderTimeout <= TimeSpan.Zero)
            return Fail("HEADERTIMEOUT", options.HeaderTimeout, "above 00:00:00");
        if (options.KeepAlive <= TimeSpan.Zero)
            return Fail("KEEPALIVE", options.KeepAlive, "above 00:00:00");
        return options.MinBytesPerSecond <= 0
            ? Fail("MINBYTESPERSECOND", options.MinBytesPerSecond, "above 0")
            : ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Fail(string setting, object value, string allowed) => ValidateOptionsResult.Fail(
        $"{ErrorPipelineDefaults.EnvironmentPrefix}COLLECTOR__{setting} is {value}: allowed is {allowed}");
}

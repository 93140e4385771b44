using System.Net;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Protocols;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Admission;

/// <summary>What a request may be; section <c>Collector</c>. A rate of 0 means no limit.</summary>
internal sealed class AdmitOptions
{
    /// <summary>Largest body, both as sent and decompressed.</summary>
    public int MaxBodyBytes { get; set; } = 1 << 20;

    public int MaxDepth { get; set; } = 32;
    public int MaxEvents { get; set; } = 100;

    /// <summary>Most bytes that one compressed byte may become, once the first 64 KB are out.</summary>
    public int MaxCompressionRatio { get; set; } = 200;

    /// <summary>For keys of projects that set no rate of their own.</summary>
    public int EventsPerMinutePerKey { get; set; } = 600_000;

    public int EventsPerMinutePerClient { get; set; } = 6_000;

    /// <summary>A project above this goes to raw-bulk, so that it delays only itself.</summary>
    public int BulkEventsPerSecond { get; set; } = 500;

    /// <summary>Clients remembered for their rate; beyond it the longest silent are forgotten.</summary>
    public int MaxClients { get; set; } = 100_000;

    /// <summary>Addresses or networks, comma separated, whose X-Forwarded-For or Forwarded is believed.</summary>
    public string TrustedProxies { get; set; } = "127.0.0.0/8,::1/128";

    /// <summary>The dashboard's public address, for clients that are told where their event is to be seen; "" tells them nothing.</summary>
    public string DashboardUrl { get; set; } = "";

    public SkimLimits SkimLimits => new(MaxDepth, MaxEvents, MaxBodyBytes);
}

internal sealed class AdmitOptionsValidator : IValidateOptions<AdmitOptions>
{
    public ValidateOptionsResult Validate(string? name, AdmitOptions options)
    {
        if (options.MaxBodyBytes is < 1024 or > 16 << 20)
            return Fail("MAXBODYBYTES", options.MaxBodyBytes, "1024 to 16777216");
        if (options.MaxDepth is < 4 or > 64)
            return Fail("MAXDEPTH", options.MaxDepth, "4 to 64");
        if (options.MaxEvents is < 1 or > 1000)
            return Fail("MAXEVENTS", options.MaxEvents, "1 to 1000");
        if (options.MaxCompressionRatio is < 10 or > 2000)
            return Fail("MAXCOMPRESSIONRATIO", options.MaxCompressionRatio, "10 to 2000");
        if (options.EventsPerMinutePerKey < 0)
            return Fail("EVENTSPERMINUTEPERKEY", options.EventsPerMinutePerKey, "0 (no limit) or more");
        if (options.EventsPerMinutePerClient < 0)
            return Fail("EVENTSPERMINUTEPERCLIENT", options.EventsPerMinutePerClient, "0 (no limit) or more");
        if (options.BulkEventsPerSecond < 0)
            return Fail("BULKEVENTSPERSECOND", options.BulkEventsPerSecond, "0 (no limit) or more");
        if (options.MaxClients is < 1000 or > 10_000_000)
            return Fail("MAXCLIENTS", options.MaxClients, "1000 to 10000000");
        if (options.DashboardUrl.Length > 0 && !(Uri.TryCreate(options.DashboardUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            return Fail("DASHBOARDURL", options.DashboardUrl, "an address such as https://errors.example, or nothing");
        foreach (var proxy in Networks.Split(options.TrustedProxies))
            if (!Networks.TryParse(proxy, out _))
                return Fail("TRUSTEDPROXIES", proxy, "addresses and networks such as 10.0.0.0/8, separated by commas");
        return ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Fail(string setting, object value, string allowed) => ValidateOptionsResult.Fail(
        $"{ErrorPipelineDefaults.EnvironmentPrefix}COLLECTOR__{setting} is {value}: allowed is {allowed}");
}

internal static class Networks
{
    public static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>"10.0.0.0/8", or one address.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            return true;
        if (!IPAddress.TryParse(text, out var address))
            return false;
        network = new(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}

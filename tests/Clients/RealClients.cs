namespace ErrorPipeline.Clients;

/// <param name="Package">In package.json; null for ours.</param>
internal sealed record Client(string Name, string Words, string? Package)
{
    /// <summary>Keeps what it has until a timer of seconds or the page's end.</summary>
    public bool Collects { get; init; }

    public override string ToString() => Name;

    /// <summary>What stands once in each event, where a request may have several.</summary>
    public string? Mark { get; init; }

    /// <summary>True of a request that tells of errors.</summary>
    public required Func<WireRequest, bool> IsEvent { get; init; }
}

internal static class RealClients
{
    /// <summary>While one works on a client: its name, or several by commas, and the others are not tried.</summary>
    private static readonly string[] Only = (Environment.GetEnvironmentVariable("ERRORPIPELINE_CLIENTS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    public static bool AreComplete => Only.Length == 0;

    public static IReadOnlyList<Client> Tried => AreComplete ? All : [.. All.Where(client => Only.Contains(client.Name))];

    public static IReadOnlyList<Client> All { get; } =
    [
        new("ours", "ErrorPipeline's snippet", null) { Mark = "\"mechanism\":", IsEvent = r => r.Path.EndsWith("/events", StringComparison.Ordinal) },
        .. Enumerable.Range(5, 7).Select(v => new Client($"sentry{v}", "@sentry/browser", $"sentry{v}")
        {
            IsEvent = r => r.Path.Contains("/store/", StringComparison.Ordinal) || r.Text.Contains("{\"type\":\"event\"", StringComparison.Ordinal),
        }),
        new("bugsnag", "@bugsnag/js", "@bugsnag/js") { IsEvent = r => r.Path.StartsWith("/notify", StringComparison.Ordinal) },
        new("rollbar", "rollbar", "rollbar") { IsEvent = r => r.Path.Contains("/item/", StringComparison.Ordinal) },
        new("airbrake", "@airbrake/browser", "@airbrake/browser") { IsEvent = r => r.Path.Contains("/notices", StringComparison.Ordinal) },
        new("honeybadger", "@honeybadger-io/js", "@honeybadger-io/js") { IsEvent = r => r.Path.Contains("/v1/notices", StringComparison.Ordinal) },
        new("raygun", "raygun4js", "raygun4js") { IsEvent = r => r.Path.StartsWith("/entries", StringComparison.Ordinal) },
        new("trackjs", "trackjs", "trackjs") { IsEvent = r => r.Path.StartsWith("/capture", StringComparison.Ordinal) },
        new("datadog-logs", "@datadog/browser-logs", "@datadog/browser-logs") { Collects = true, Mark = "\"status\":\"error\"", IsEvent = r => r.Text.Contains("\"error\":", StringComparison.Ordinal) },
        new("datadog-rum", "@datadog/browser-rum", "@datadog/browser-rum") { Collects = true, Mark = "{\"type\":\"error\"", IsEvent = r => r.Text.Contains("\"type\":\"error\"", StringComparison.Ordinal) },
        new("elastic", "@elastic/apm-rum", "@elastic/apm-rum") { Mark = "{\"error\":", IsEvent = r => r.Text.Contains("{\"error\":", StringComparison.Ordinal) },
        new("elastic-v3", "@elastic/apm-rum, apiVersion 3", "@elastic/apm-rum") { Mark = "{\"e\":", IsEvent = r => r.Text.Contains("{\"e\":", StringComparison.Ordinal) },
        new("otel-json", "OpenTelemetry, OTLP/HTTP JSON", "@opentelemetry/instrumentation-web-exception") { Collects = true, Mark = "exception.message", IsEvent = _ => true },
        new("otel-protobuf", "OpenTelemetry, OTLP/HTTP protobuf", "@opentelemetry/instrumentation-web-exception") { Collects = true, Mark = "exception.message", IsEvent = _ => true },
    ];
}

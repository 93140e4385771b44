using System.Text.Json;

namespace ErrorPipeline.Collector.Tests.Clients;

/// <summary>What a recorded request holds, found by a whole parse that shares nothing with the skims.</summary>
internal sealed record ExpectedEvents(string Protocol, int Count, IReadOnlyList<string> Ids)
{
    public static ExpectedEvents Of(Captured request) => request.Client switch
    {
        _ when request.Method == "GET" => new("", 0, []),
        var c when c.StartsWith("sentry", StringComparison.Ordinal) => Sentry(request),
        "bugsnag" when request.Path == "/sessions" => new("", 0, []),
        "bugsnag" => new("bugsnag", LengthOf(request.Text, "events"), []),
        "rollbar" => new("rollbar", 1, [Root(request.Text).GetProperty("data").GetProperty("uuid").GetGuid().ToString("N")]),
        "datadog-rum" => Lines("datadog-rum", request, line => line.TryGetProperty("type", out var type) && type.GetString() == "error" ? line.GetProperty("error").GetProperty("id").GetString() : null),
        "datadog-logs" => new("datadog-logs", Parse(request).Count(line => line.TryGetProperty("error", out _) || line.GetProperty("status").GetString() == "error"), []),
        "elastic-apm" => Lines("elastic", request, line => line.TryGetProperty("error", out var e) ? e.GetProperty("id").GetString() : null),
        "otel" => Otel(request),
        "airbrake" or "honeybadger" or "raygun" or "trackjs" => new(request.Client, 1, []),
        _ => Root(request.Text).ValueKind == JsonValueKind.Array ? new("browser-report", Root(request.Text).GetArrayLength(), []) : new("csp-report", 1, []),
    };

    private static ExpectedEvents Sentry(Captured request)
    {
        if (request.Path.Contains("/store/", StringComparison.Ordinal))
            return new("sentry", 1, [Root(request.Text).GetProperty("event_id").GetString()!]);
        var lines = request.Text.Split('\n');
        var ids = lines.Zip(lines.Skip(1)).Where(pair => pair.First.StartsWith("{\"type\":\"event\"", StringComparison.Ordinal))
            .Select(pair => Root(pair.Second).GetProperty("event_id").GetString()!).ToList();
        return new("sentry", ids.Count, ids);
    }

    private static ExpectedEvents Lines(string protocol, Captured request, Func<JsonElement, string?> idOf)
    {
        var ids = Parse(request).Select(idOf).OfType<string>().Select(id => id.Replace("-", "", StringComparison.Ordinal)).ToList();
        return new(protocol, ids.Count, ids);
    }

    private static ExpectedEvents Otel(Captured request)
    {
        var logs = request.Path.EndsWith("/logs", StringComparison.Ordinal);
        var count = 0;
        foreach (var resource in Root(request.Text).GetProperty(logs ? "resourceLogs" : "resourceSpans").EnumerateArray())
        {
            foreach (var scope in resource.GetProperty(logs ? "scopeLogs" : "scopeSpans").EnumerateArray())
            {
                foreach (var item in scope.GetProperty(logs ? "logRecords" : "spans").EnumerateArray())
                {
                    count += logs
                        ? item.TryGetProperty("eventName", out var name) && name.GetString() == "exception" ? 1 : 0
                        : item.GetProperty("events").EnumerateArray().Count(e => e.GetProperty("name").GetString() == "exception");
                }
            }
        }

        return new(logs ? "otlp-logs" : "otlp-traces", count, []);
    }

    private static List<JsonElement> Parse(Captured request) =>
        [.. request.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Root)];

    private static int LengthOf(string json, string array) => Root(json).GetProperty(array).GetArrayLength();

    private static JsonElement Root(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.Clone();
    }
}

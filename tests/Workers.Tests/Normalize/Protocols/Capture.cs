using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize;

namespace ErrorPipeline.Workers.Tests.Normalize.Protocols;

/// <summary>A request that a real client made, cut into events in the form that the collector hands on.</summary>
public sealed record Capture(string Client, string Case, string? UserAgent, IReadOnlyList<(string Protocol, string Body)> Events, long? SentAt)
{
    /// <summary>Beside the repository, where it is.</summary>
    private static readonly string Folder = Path.GetFullPath(Path.Combine(ErrorPipeline.Rigs.Places.Root, "..", "shared", "captures"));

    public static bool Present => Directory.Exists(Folder);

    internal static IEnumerable<Capture> All => Present ? Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read) : [];

    public string Name => $"{Client}/{Case}";

    internal IEnumerable<NormalizedError> Normalized() => Events.Select(e => Some.Normalize(e.Protocol, e.Body, UserAgent, SentAt));

    private static Capture Read(string file)
    {
        var capture = JsonNode.Parse(File.ReadAllText(file))!;
        var body = Text(capture);
        var client = Path.GetFileName(Path.GetDirectoryName(file))!;
        var headers = capture["headers"]!.AsObject().ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value!.ToString());
        var sentAt = headers.GetValueOrDefault("bugsnag-sent-at") ?? (client.StartsWith("sentry", StringComparison.Ordinal) && body.Contains("\"sent_at\"") ? JsonNode.Parse(body.Split('\n')[0])!["sent_at"]?.ToString() : null);
        return new(client, Path.GetFileNameWithoutExtension(file), headers.GetValueOrDefault("user-agent"), [.. Cut(client, body)],
            sentAt is null ? null : DateTimeOffset.Parse(sentAt, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
    }

    private static string Text(JsonNode capture)
    {
        if (capture["decodedBody"] is { } decoded)
            return decoded.ToString();
        var body = capture["body"]!.ToString();
        if (capture["bodyEncoding"]!.ToString() != "base64")
            return body;
        using var unzipped = new GZipStream(new MemoryStream(Convert.FromBase64String(body)), CompressionMode.Decompress);
        return new StreamReader(unzipped).ReadToEnd();
    }

    private static IEnumerable<(string, string)> Cut(string client, string body)
    {
        var lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        switch (client.Split('-')[0])
        {
            case "sentry":
                // Some main requests carry a session only.
                return lines.Length == 1 ? [("sentry", body)] : lines.SkipWhile(l => !l.StartsWith("{\"type\":\"event\"", StringComparison.Ordinal)).Skip(1).Take(1).Select(l => ("sentry", l));
            case "bugsnag":
                return Parse(body)["events"]!.AsArray().Select(e => ("bugsnag", $$"""{"notifier":{{Parse(body)["notifier"]!.ToJsonString()}},"event":{{e!.ToJsonString()}}}"""));
            case "datadog":
                return lines.Where(l => client == "datadog-logs" ? Parse(l)["error"] is not null : Parse(l)["type"]!.ToString() == "error").Select(l => (client, l));
            case "elastic":
                return lines.Skip(1).Where(l => l.StartsWith("{\"error\"", StringComparison.Ordinal))
                    .Select(l => ("elastic", $$"""{"metadata":{{Parse(lines[0])["metadata"]!.ToJsonString()}},"error":{{Parse(l)["error"]!.ToJsonString()}}}"""));
            case "otel":
                return Otlp(Parse(body));
            case "native":
                return Parse(body) is JsonArray reports ? reports.Select(r => ("browser-report", r!.ToJsonString())) : [("csp-report", body)];
            default:
                return [(client, body)];
        }
    }

    private static IEnumerable<(string, string)> Otlp(JsonNode body)
    {
        foreach (var part in (body["resourceLogs"] as JsonArray)?.Select(p => p!) ?? [])
        {
            foreach (var scope in part["scopeLogs"]!.AsArray())
            {
                foreach (var record in scope!["logRecords"]!.AsArray())
                    yield return ("otlp-logs", new JsonObject { ["resource"] = part["resource"]?.DeepClone(), ["scope"] = scope["scope"]?.DeepClone(), ["record"] = record!.DeepClone() }.ToJsonString());
            }
        }

        foreach (var part in (body["resourceSpans"] as JsonArray)?.Select(p => p!) ?? [])
        {
            foreach (var span in part["scopeSpans"]!.AsArray().SelectMany(s => s!["spans"]!.AsArray()))
            {
                foreach (var happened in span!["events"]!.AsArray().Where(e => e!["name"]!.ToString() == "exception"))
                    yield return ("otlp-traces", new JsonObject { ["resource"] = part["resource"]?.DeepClone(), ["span"] = span.DeepClone(), ["event"] = happened!.DeepClone() }.ToJsonString());
            }
        }
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}

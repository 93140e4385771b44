using System.Text;
using System.Text.Json;

namespace ErrorPipeline.Collector.Tests.Clients;

/// <summary>One request that a real client made in a real browser.</summary>
internal sealed record Captured(string Client, string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, string Text)
{
    public bool IsPreflight => Method == "OPTIONS";
}

/// <summary>The recorded requests beside the repository, where they are present.</summary>
internal static class Captures
{
    /// <summary>Every key that a recording uses.</summary>
    public static readonly string[] Keys =
    [
        "abcdef0123456789abcdef0123456789", "0123456789abcdef0123456789abcdef", "post_client_item_token_0123456789", "abproj0123456789abcdef", "hbp_0123456789abcdef",
        "raygunkey0123456789==", "trackjstoken0123456789abcdef0123", "pub0123456789abcdef0123456789abcd", "otelkey0123456789", "k1",
    ];

    public static string? Folder { get; } = Find();

    public static IEnumerable<TestCaseData> Files() => Folder is null
        ? []
        : Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => new TestCaseData(path).SetArgDisplayNames(System.IO.Path.GetRelativePath(Folder, path)));

    /// <summary>All requests of one recording, in the order in which they were made.</summary>
    public static List<Captured> Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = json.RootElement;
        var client = root.GetProperty("client").GetString()!;
        // Of some repetitions only the fact is kept.
        var requests = root.GetProperty("others").EnumerateArray().Append(root).Where(r => r.TryGetProperty("headers", out _));
        return [.. requests.OrderBy(r => r.TryGetProperty("requestIndex", out var i) && i.ValueKind == JsonValueKind.Number ? i.GetInt32() : 0).Select(r => Of(client, r))];
    }

    private static Captured Of(string client, JsonElement json)
    {
        var text = json.TryGetProperty("body", out var b) && b.ValueKind == JsonValueKind.String ? b.GetString()! : "";
        var isBase64 = json.TryGetProperty("bodyEncoding", out var encoding) && encoding.GetString() == "base64";
        var headers = json.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new(
            client, json.GetProperty("method").GetString()!, Here(json.GetProperty("path").GetString()!), headers,
            isBase64 ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text),
            json.TryGetProperty("decodedBody", out var decoded) && decoded.ValueKind == JsonValueKind.String ? decoded.GetString()! : text);
    }

    /// <summary>The addresses that a site chooses itself, as it would choose them for us.</summary>
    private static string Here(string path) =>
        path.StartsWith("/intake/", StringComparison.Ordinal) ? $"/api/{Keys[0]}/elastic{path}"
        : path.StartsWith("/collect/", StringComparison.Ordinal) ? $"/reports?key=k1"
        : path;

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = System.IO.Path.Combine(at.FullName, "shared", "captures");
            if (Directory.Exists(folder))
                return folder;
        }

        return null;
    }
}

using System.Text.Json;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SourceMaps.Bundles;

/// <summary>What a bundle's manifest.json says. Fields of a wrong type are absent.</summary>
internal sealed record BundleManifest(string? Release, string? Dist, string? Project, IReadOnlyList<BundledFile> Files)
{
    public const int MostFiles = 10_000;
    private const int MostBytes = 32 * 1024 * 1024;

    public static BundleManifest Read(BundleZip zip)
    {
        try
        {
            using var json = JsonDocument.Parse(zip.Read("manifest.json", MostBytes), new() { MaxDepth = 16 });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("files", out var files) || files.ValueKind != JsonValueKind.Object)
                throw new ArtifactRefusedException("The bundle's manifest.json has no files.");
            var named = files.EnumerateObject().Take(MostFiles + 1).Select(file => BundledFile.Of(file.Name, file.Value)).ToList();
            return named.Count <= MostFiles
                ? new(Text(root, "release"), Text(root, "dist"), Text(root, "project"), named)
                : throw new ArtifactRefusedException($"The bundle has more than {MostFiles} files: upload it in parts.");
        }
        catch (JsonException e)
        {
            throw new ArtifactRefusedException("The bundle's manifest.json is not JSON.", e);
        }
    }

    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}

/// <param name="Path">Inside the bundle.</param>
/// <param name="Type">"minified_source", "source_map", "source" or another.</param>
internal sealed record BundledFile(string Path, string? Type, string Url, string? DebugId, string? MapUrl)
{
    public static BundledFile Of(string path, JsonElement about)
    {
        var headers = about.ValueKind == JsonValueKind.Object && about.TryGetProperty("headers", out var given) && given.ValueKind == JsonValueKind.Object
            ? given.EnumerateObject().Where(h => h.Value.ValueKind == JsonValueKind.String).Take(20).ToList() : [];
        return new(
            path, BundleManifest.Text(about, "type"), BundleManifest.Text(about, "url") ?? path,
            Header(headers, "debug-id"), Header(headers, "sourcemap") ?? Header(headers, "x-sourcemap"));
    }

    private static string? Header(List<JsonProperty> headers, string name) =>
        headers.Find(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Value.ValueKind: JsonValueKind.String } header ? header.Value.GetString() : null;
}

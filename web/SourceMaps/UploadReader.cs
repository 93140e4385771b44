using System.Text;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SourceMaps;

/// <summary>Judges an upload before anything is kept: what it is, and whether it can ever be of use.</summary>
internal static class UploadReader
{
    public const int LargestFile = 64 * 1024 * 1024;

    /// <summary>
    /// The file, and the map that it holds inside of itself where it does.
    /// Throws <see cref="ArtifactRefusedException"/> or <see cref="SourceMapException"/>, each with one sentence for the uploader.
    /// </summary>
    public static IReadOnlyList<ArtifactUpload> Read(int projectId, string? release, string? dist, string? url, ReadOnlyMemory<byte> content)
    {
        if (ArtifactUrl.Normalize(url) is not { } address)
            throw new ArtifactRefusedException("Name the file's address by url=, such as ~/static/app.js.map for that path on any host.");
        if (release is { Length: > 200 })
            throw new ArtifactRefusedException("The release is longer than 200 characters.");
        if (content.IsEmpty)
            throw new ArtifactRefusedException("The file is empty.");
        var uploads = IsMap(address)
            ? [new ArtifactUpload(projectId, release ?? "", address, ArtifactKind.Map, content) { DebugId = SourceMap.Decode(content.Span).DebugId, Dist = dist ?? "" }]
            : IsSource(address)
                ? [new ArtifactUpload(projectId, release ?? "", address, ArtifactKind.Source, content) { Dist = dist ?? "" }]
                : Script(projectId, release ?? "", dist ?? "", address, content);
        if (uploads[0] is { Release.Length: 0, DebugId: null })
            throw new ArtifactRefusedException("Name the build by release=, the same that the snippet tells: the file has no debug id to be found by.");
        return uploads;
    }

    public static bool IsMap(string address) => address.EndsWith(".map", StringComparison.OrdinalIgnoreCase);

    /// <summary>What no browser runs: an original, for maps that do not hold their sources.</summary>
    private static bool IsSource(string address) => Originals.Contains(Path.GetExtension(address));

    private static readonly HashSet<string> Originals = new(StringComparer.OrdinalIgnoreCase)
    {
        ".ts", ".tsx", ".mts", ".cts", ".jsx", ".vue", ".svelte", ".astro", ".coffee", ".elm", ".res", ".re", ".cljs", ".scala", ".kt", ".dart", ".rs",
    };

    private static IReadOnlyList<ArtifactUpload> Script(int projectId, string release, string dist, string address, ReadOnlyMemory<byte> content)
    {
        if (content.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] json && json.IndexOf("\"mappings\""u8) >= 0)
            throw new ArtifactRefusedException($"This is a source map: give it the url {address}.map, or whatever address ends with .map.");
        var script = ScriptReader.Read(new(projectId, release, address, ArtifactKind.Minified, content) { Dist = dist });
        if (ScriptReader.InlineMap(content.Span) is not { } inline)
            return [script];
        var map = ScriptReader.MapOf(script, inline, SourceMap.Decode(inline).DebugId);
        return [script with { DebugId = map.DebugId }, map];
    }
}

/// <summary>What a generated file says of its map.</summary>
internal static class ScriptReader
{
    public static ArtifactUpload Read(ArtifactUpload script)
    {
        var map = SourceMapUrl.Find(Encoding.UTF8.GetString(script.Content.Span));
        return script with
        {
            DebugId = script.DebugId ?? DebugId.OfGeneratedFile(script.Content.Span),
            MapUrl = script.MapUrl ?? (map is { Length: <= ArtifactUrl.Longest } && !IsData(map) ? map : null),
        };
    }

    /// <summary>The address of the map as a data: URL, map and all; null where the file holds none.</summary>
    public static byte[]? InlineMap(ReadOnlySpan<byte> script) =>
        script.IndexOf("sourceMappingURL=data:"u8) >= 0 && SourceMapUrl.Find(Encoding.UTF8.GetString(script)) is { } url && IsData(url) ? Encoding.UTF8.GetBytes(url) : null;

    /// <summary>The map of a file that holds it, as if it lay beside the file.</summary>
    public static ArtifactUpload MapOf(ArtifactUpload script, byte[] map, Guid? debugId) =>
        script with { Url = script.Url + ".map", Kind = ArtifactKind.Map, Content = map, DebugId = script.DebugId ?? debugId, MapUrl = null };

    private static bool IsData(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
}

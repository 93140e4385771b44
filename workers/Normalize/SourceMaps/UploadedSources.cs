using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Workers.Normalize.SourceMaps;

/// <summary>Which uploaded files are the sources that a map names and does not hold.</summary>
internal static class UploadedSources
{
    /// <summary>Of one map: more is rather a repository than what an error needs.</summary>
    private const int Most = 2_000;
    private const long MostBytes = 64L * 1024 * 1024;

    public static bool AreMissing(SourceMap map)
    {
        for (var i = 0; i < map.SourceCount; i++)
        {
            if (map.Source(i) is { Url: not null, HasContent: false })
                return true;
        }

        return false;
    }

    /// <summary>Content by index of the source.</summary>
    public static IReadOnlyList<(int Source, string Hash)> Match(SourceMap map, UploadedBesides besides)
    {
        var found = new List<(int, string)>();
        for (var i = 0; i < map.SourceCount && found.Count < Most; i++)
        {
            if (map.Source(i) is { Url: { } url, HasContent: false }
                && Addresses(besides.MapUrl, url).Select(besides.Hashes.GetValueOrDefault).FirstOrDefault(hash => hash is not null) is { } hash)
                found.Add((i, hash));
        }

        return found;
    }

    public static string Key(string mapHash, IReadOnlyList<(int Source, string Hash)> sources) =>
        $"{mapHash} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', sources))).AsSpan(0, 16))}";

    public static async Task<SourceMap> ReadAsync(SourceMap map, IReadOnlyList<(int Source, string Hash)> sources, IArtifactReader artifacts)
    {
        var texts = new Dictionary<int, string>();
        var bytes = 0L;
        foreach (var (source, hash) in sources)
        {
            if (await artifacts.ReadAsync(hash, CancellationToken.None) is not { } content || (bytes += content.Length) > MostBytes)
                continue;
            texts[source] = Encoding.UTF8.GetString(content);
        }

        return map.With(texts);
    }

    /// <summary>Relative to the map, as everything reads it; then by its tidy name, as "webpack://shop/./src/cart.ts" can only be.</summary>
    private static IEnumerable<string> Addresses(string mapUrl, string source) =>
        ArtifactUrl.Normalize(OriginalFile.Tidy(source)) is { } tidy ? [.. ArtifactUrl.MapNames(mapUrl, source), tidy] : ArtifactUrl.MapNames(mapUrl, source);
}

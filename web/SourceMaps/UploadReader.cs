using System.Text;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SourceMaps;

/// <summary>Judges an upload before anything is kept: what it is, and whether it can ever be of use.</summary>
internal static class UploadReader
{
    public const int LargestFile = 64 * 1024 * 1024;

    /// <summary>Throws <see cref="ArtifactRefusedException"/> or <see cref="SourceMapException"/>, each with one sentence for the uploader.</summary>
    public static ArtifactUpload Read(int projectId, string? release, string? url, ReadOnlySpan<byte> content)
    {
        if (ArtifactUrl.Normalize(url) is not { } address)
            throw new ArtifactRefusedException("Name the file's address by url=, such as ~/static/app.js.map for that path on any host.");
        if (release is { Length: > 200 })
            throw new ArtifactRefusedException("The release is longer than 200 characters.");
        if (content.IsEmpty)
            throw new ArtifactRefusedException("The file is empty.");
        var upload = address.EndsWith(".map", StringComparison.OrdinalIgnoreCase)
            ? new ArtifactUpload(projectId, release ?? "", address, true, SourceMap.Decode(content).DebugId, null)
            : Script(projectId, release, address, content);
        if (upload is { Release.Length: 0, DebugId: null })
            throw new ArtifactRefusedException("Name the build by release=, the same that the snippet tells: the file has no debug id to be found by.");
        return upload;
    }

    private static ArtifactUpload Script(int projectId, string? release, string address, ReadOnlySpan<byte> content)
    {
        if (content.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] json && json.IndexOf("\"mappings\""u8) >= 0)
            throw new ArtifactRefusedException($"This is a source map: give it the url {address}.map, or whatever address ends with .map.");
        var map = SourceMapUrl.Find(Encoding.UTF8.GetString(content));
        if (map is not null && map.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            throw new ArtifactRefusedException("The file holds its source map inside of itself: have the bundler write it to a file of its own and upload that.");
        return new(projectId, release ?? "", address, false, DebugId.OfGeneratedFile(content), map is { Length: <= ArtifactUrl.Longest } ? map : null);
    }
}

using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SourceMaps.Bundles;

/// <summary>
/// Takes the files of an artifact bundle into the store. A map that cannot be decoded is kept with the reason, so that one broken file of
/// somebody else's does not stop a build, and is told where it is missed.
/// </summary>
internal sealed class BundleImport(IArtifactStore store, TimeProvider clock)
{
    private const long MostBytes = 1024L * 1024 * 1024;
    private const int BatchBytes = 32 * 1024 * 1024;
    private const int BatchFiles = 500;

    /// <summary>Number of files taken. Throws <see cref="ArtifactRefusedException"/>; what was taken before it stays, and taking it again is harmless.</summary>
    public async Task<int> RunAsync(Stream bundle, IReadOnlyList<int> projects, string? release, string? dist, CancellationToken cancel)
    {
        using var zip = new BundleZip(bundle, MostBytes);
        var manifest = BundleManifest.Read(zip);
        release ??= manifest.Release;
        dist ??= manifest.Dist;
        if (release is { Length: > 200 })
            throw new ArtifactRefusedException("The release is longer than 200 characters.");
        var taken = 0;
        var batch = new List<ArtifactUpload>();
        foreach (var file in manifest.Files)
        {
            batch.AddRange(Read(zip, file, release ?? "", dist ?? "").Where(f => f.Release.Length > 0 || f.DebugId is not null));
            if (batch.Count >= BatchFiles || batch.Sum(f => (long)f.Content.Length) >= BatchBytes)
                taken += await PutAsync(batch, projects, cancel);
        }

        taken += await PutAsync(batch, projects, cancel);
        return taken > 0
            ? taken
            : throw new ArtifactRefusedException(
                "None of the files can ever be found: name the build by --release, or run 'sentry-cli sourcemaps inject' before the upload, which gives the files debug ids.");
    }

    private async Task<int> PutAsync(List<ArtifactUpload> batch, IReadOnlyList<int> projects, CancellationToken cancel)
    {
        if (batch.Count == 0)
            return 0;
        foreach (var project in projects)
            await store.PutAsync([.. batch.Select(file => file with { ProjectId = project })], clock.GetUtcNow(), cancel);
        var count = batch.Count;
        batch.Clear();
        return count;
    }

    private static IEnumerable<ArtifactUpload> Read(BundleZip zip, BundledFile file, string release, string dist)
    {
        var content = zip.Read(file.Path, UploadReader.LargestFile);
        if (content.Length == 0 || ArtifactUrl.Normalize(file.Url) is not { } url)
            return [];
        var upload = new ArtifactUpload(0, release, url, KindOf(file, url), content) { Dist = dist, DebugId = DebugId.Parse(file.DebugId) };
        if (upload.Kind == ArtifactKind.Map)
            return [WithProblem(upload)];
        var script = ScriptReader.Read(upload with { MapUrl = file.MapUrl is { Length: <= ArtifactUrl.Longest } map && !map.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? map : null });
        return ScriptReader.InlineMap(content) is { } inline
            ? [script, WithProblem(ScriptReader.MapOf(script, inline, null))]
            : [script];
    }

    private static ArtifactKind KindOf(BundledFile file, string url) => file.Type switch
    {
        "source_map" => ArtifactKind.Map,
        "minified_source" => ArtifactKind.Minified,
        "source" => ArtifactKind.Source,
        _ => UploadReader.IsMap(url) ? ArtifactKind.Map : ArtifactKind.Minified,
    };

    private static ArtifactUpload WithProblem(ArtifactUpload map)
    {
        try
        {
            return map with { DebugId = map.DebugId ?? SourceMap.Decode(map.Content.Span).DebugId };
        }
        catch (SourceMapException e)
        {
            return map with { Problem = e.Message };
        }
    }
}

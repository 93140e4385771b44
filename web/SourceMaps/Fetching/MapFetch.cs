using System.Text;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SourceMaps.Fetching;

/// <summary>Fetches a script and its map from the site, as if a build had uploaded them.</summary>
internal sealed class MapFetch(SiteReader site, IArtifactStore store, TimeProvider clock)
{
    /// <summary>Throws <see cref="ArtifactRefusedException"/> or <see cref="SourceMapException"/>.</summary>
    public async Task RunAsync(int project, string release, Uri script, Func<Uri, bool> allowed, CancellationToken cancel)
    {
        var file = await site.ReadAsync(script, allowed, cancel);
        var told = file.MapUrl ?? SourceMapUrl.Find(Encoding.UTF8.GetString(file.Content));
        if (told is null)
            throw new ArtifactRefusedException($"{script.GetLeftPart(UriPartial.Path)} names no source map.");
        var generated = ScriptReader.Read(new ArtifactUpload(project, release, ArtifactUrl.Normalize(script.AbsoluteUri) ?? "", ArtifactKind.Minified, file.Content));
        if (generated.Url.Length == 0)
            throw new ArtifactRefusedException("The address is too long.");
        ArtifactUpload map;
        if (ScriptReader.InlineMap(file.Content) is { } inline)
        {
            map = ScriptReader.MapOf(generated, inline, SourceMap.Decode(inline).DebugId);
        }
        else
        {
            if (!Uri.TryCreate(file.Address, told, out var at) || at.Scheme is not ("http" or "https"))
                throw new ArtifactRefusedException($"{script.GetLeftPart(UriPartial.Path)} names its source map by no address that can be fetched.");
            var fetched = await site.ReadAsync(at, allowed, cancel);
            // Beside the script, where it is looked for whatever its own address is.
            map = ScriptReader.MapOf(generated, fetched.Content, SourceMap.Decode(fetched.Content).DebugId);
        }

        await store.PutAsync([generated with { DebugId = map.DebugId, MapUrl = null }, map], clock.GetUtcNow(), cancel);
    }
}

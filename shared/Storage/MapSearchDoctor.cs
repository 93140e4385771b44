namespace ErrorPipeline.Shared.Storage;

/// <summary>Says in one sentence why a generated file has no map here, and what to change.</summary>
internal sealed class MapSearchDoctor(IArtifactIndex index)
{
    public static string WithoutRelease(ArtifactQuestion question) => question.DebugId is { } id
        ? $"No source map with the debug id {id} of {question.File} was uploaded, and the event names no release to look in."
        : $"The event names no release, so the source map of {question.File} cannot be told.";

    public string WhyNot(ArtifactQuestion question, Build build, UploadedScript? script)
    {
        if (!index.HasRelease(build))
            return NothingOfRelease(question, build);
        if (script is { DebugId: { } uploaded } && question.DebugId is { } ran && Guid.Parse(uploaded) != ran)
            return $"The page ran {question.File} with the debug id {ran}, but the one uploaded for release {build.Release} has {uploaded}: it is of another build.";
        if (script is not null)
            return $"The file {question.File} was uploaded for release {build.Release}, but not its source map{(script.MapUrl is { Length: < 200 } url ? $" {url}" : "")}.";
        return OtherDist(question, build) ?? Elsewhere(question, build) ?? $"Release {build.Release} has source maps, but none for {question.File}.";
    }

    private string NothingOfRelease(ArtifactQuestion question, Build build)
    {
        var what = question.DebugId is { } id ? $"No source map was uploaded for release {build.Release}, nor one with the debug id {id}" : $"No source map was uploaded for release {build.Release}";
        var newest = index.FindNewestRelease(build.Project);
        return newest is null ? what + "." : $"{what}; the newest upload is for release {newest}.";
    }

    private string? OtherDist(ArtifactQuestion question, Build build)
    {
        if (build.Dist.Length == 0)
            return null;
        foreach (var name in ArtifactUrl.Names(question.File))
        {
            if (index.FindOtherDist(build, name) is { } other)
                return $"Release {build.Release} has the source map of {question.File} for dist {other}, but the event is of dist {build.Dist}.";
        }

        return null;
    }

    /// <summary>The uploaded file of that name whose path has most in common with what browsers load.</summary>
    private string? Elsewhere(ArtifactQuestion question, Build build)
    {
        var own = ArtifactUrl.Normalize(question.File) ?? question.File;
        var near = index.ListUrls(build, StoreText.Clean(ArtifactUrl.FileName(own), ArtifactUrl.Longest)).MaxBy(url => Common(own, Bare(url)));
        if (near is null)
            return null;
        var (path, other) = (PathOf(own), PathOf(Bare(near)));
        if (path == other)
            return $"Release {build.Release} has {near}, which is for another host than {question.File}: upload it as ~{other}{(near.EndsWith(".map", StringComparison.Ordinal) ? ".map" : "")} for any host.";
        var advice = path.EndsWith(other, StringComparison.Ordinal)
            ? $"upload with the URL prefix ~{path[..^other.Length]}"
            : "upload it under the path that browsers load";
        return $"Release {build.Release} has {near}, which is another address than {question.File}: {advice}.";
    }

    private static string Bare(string url) => url.EndsWith(".map", StringComparison.Ordinal) ? url[..^4] : url;

    private static string PathOf(string url) => url.StartsWith('~') ? url[1..] : Uri.TryCreate(url, UriKind.Absolute, out var full) ? full.AbsolutePath : url;

    /// <summary>Characters that both end with.</summary>
    private static int Common(string one, string two)
    {
        var length = 0;
        while (length < one.Length && length < two.Length && one[^(length + 1)] == two[^(length + 1)])
            length++;
        return length;
    }
}

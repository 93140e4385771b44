namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// Finds the map of a generated file: by the debug id that the event tells, then by release and address. There by the debug id of its
/// uploaded minified file, by that file's sourceMappingURL, or as "file.map" beside it. Where there is none it says what to change.
/// </summary>
internal sealed class ArtifactMatching(IArtifactIndex index)
{
    public ArtifactMatch Match(ArtifactQuestion question)
    {
        if (question.DebugId is { } told && OfDebugId(question.ProjectId, told.ToString("D")) is { } exact)
            return new(exact, told, null);
        if (string.IsNullOrEmpty(question.Release))
            return new(null, question.DebugId, MapSearchDoctor.WithoutRelease(question));
        var build = new Build(question.ProjectId, StoreText.Clean(question.Release, 200), StoreText.Clean(question.Dist, 200));
        var names = ArtifactUrl.Names(question.File);
        var script = First(names, name => index.FindScript(build, name));
        var debugId = question.DebugId ?? (script?.DebugId is { } own ? Guid.Parse(own) : null);
        if (script?.DebugId is { } id && (question.DebugId is null || debugId == Guid.Parse(id)) && index.FindMapOfDebugId(question.ProjectId, id) is { } twin)
            return new(twin, debugId, null);
        IEnumerable<string> maps = [.. script?.MapUrl is { } url ? ArtifactUrl.MapNames(question.File, url) : [], .. names.Select(name => name + ".map")];
        return First(maps, name => index.FindMap(build, name)) is { } map
            ? new(map, debugId, null)
            : new(null, debugId, new MapSearchDoctor(index).WhyNot(question, build, script));
    }

    private static T? First<T>(IEnumerable<string> names, Func<string, T?> find) where T : class
    {
        foreach (var name in names)
        {
            if (find(name) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The map with that id, or the map of the minified file with that id, wherever that lies.</summary>
    private string? OfDebugId(int project, string id)
    {
        if (index.FindMapOfDebugId(project, id) is { } map)
            return map;
        return index.FindScriptOfDebugId(project, id) is var (build, url, mapUrl)
            ? First([.. mapUrl is { } told ? ArtifactUrl.MapNames(url, told) : [], url + ".map"], name => index.FindMap(build, name))
            : null;
    }
}

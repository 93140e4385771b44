namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Finds the map of a generated file: by the debug id that the event tells, then by release and address. There by the debug id of its
/// uploaded minified file, by that file's sourceMappingURL, or as "file.map" beside it. Where there is none it says what to change.
/// </summary>
internal sealed class ArtifactMatching(SqliteSession session)
{
    /// <summary>Of an event without dist any may be meant; otherwise its own, or one that was uploaded without.</summary>
    private const string OfBuild = "project_id = ?1 AND release = ?2 AND url = ?3 AND (?4 = '' OR dist IN ('', ?4))";
    private const string BestFirst = "ORDER BY dist = ?4 DESC, id DESC LIMIT 1";

    public ArtifactMatch Match(ArtifactQuestion question)
    {
        if (question.DebugId is { } told && OfDebugId(question.ProjectId, told.ToString("D")) is { } exact)
            return new(exact, told, null);
        if (string.IsNullOrEmpty(question.Release))
            return new(null, question.DebugId, MapSearchDoctor.WithoutRelease(question));
        var build = new Build(question.ProjectId, StoreText.Clean(question.Release, 200), StoreText.Clean(question.Dist, 200));
        var names = ArtifactUrl.Names(question.File);
        var script = First(names, name => Script(build, name));
        var debugId = question.DebugId ?? (script?.DebugId is { } own ? Guid.Parse(own) : null);
        if (script?.DebugId is { } id && (question.DebugId is null || debugId == Guid.Parse(id)) && MapOfDebugId(question.ProjectId, id) is { } twin)
            return new(twin, debugId, null);
        IEnumerable<string> maps = [.. script?.MapUrl is { } url ? ArtifactUrl.MapNames(question.File, url) : [], .. names.Select(name => name + ".map")];
        return First(maps, name => Map(build, name)) is { } map
            ? new(map, debugId, null)
            : new(null, debugId, new MapSearchDoctor(session).WhyNot(question, build, script));
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
        if (MapOfDebugId(project, id) is { } map)
            return map;
        var script = session.First(
            "SELECT release, dist, url, map_url FROM artifacts WHERE project_id = ?1 AND debug_id = ?2 AND kind <> 1 ORDER BY id DESC LIMIT 1",
            row => new { Build = new Build(project, row.GetString(0), row.GetString(1)), Url = row.GetString(2), MapUrl = row.IsDBNull(3) ? null : row.GetString(3) },
            project, id);
        return script is null
            ? null
            : First([.. script.MapUrl is { } told ? ArtifactUrl.MapNames(script.Url, told) : [], script.Url + ".map"], name => Map(script.Build, name));
    }

    private UploadedScript? Script(Build build, string url) => session.First(
        $"SELECT debug_id, map_url FROM artifacts WHERE {OfBuild} AND kind <> 1 {BestFirst}",
        row => new UploadedScript(row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)),
        build.Project, build.Release, url, build.Dist);

    private string? Map(Build build, string url) => (string?)session.Scalar(
        $"SELECT hash FROM artifacts WHERE {OfBuild} AND kind = 1 {BestFirst}", build.Project, build.Release, url, build.Dist);

    private string? MapOfDebugId(int project, string id) => (string?)session.Scalar(
        "SELECT hash FROM artifacts WHERE project_id = ?1 AND debug_id = ?2 AND kind = 1 ORDER BY id DESC LIMIT 1", project, id);
}

internal sealed record Build(int Project, string Release, string Dist);

/// <summary>A minified file that was uploaded; what it says of its map.</summary>
internal sealed record UploadedScript(string? DebugId, string? MapUrl);

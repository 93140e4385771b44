namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Finds the map of a generated file: by the debug id of its uploaded minified file, by that file's sourceMappingURL, or as
/// "file.map" beside it. Where there is none it says what to change.
/// </summary>
internal sealed class ArtifactMatching(SqliteSession session)
{
    public ArtifactMatch Match(ArtifactQuestion question)
    {
        if (string.IsNullOrEmpty(question.Release))
            return Missing($"The event names no release, so the source map of {question.File} cannot be told.");
        var release = StoreText.Clean(question.Release, 200);
        var names = ArtifactUrl.Names(question.File);
        var script = First(names, name => Script(question.ProjectId, release, name));
        if (script?.DebugId is { } id && MapOfDebugId(question.ProjectId, id) is { } twin)
            return new(twin, Guid.Parse(id), null);
        IEnumerable<string> maps = [.. script?.MapUrl is { } told ? ArtifactUrl.MapNames(question.File, told) : [], .. names.Select(name => name + ".map")];
        if (First(maps, name => Map(question.ProjectId, release, name)) is { } map)
            return new(map, script?.DebugId is { } own ? Guid.Parse(own) : null, null);
        return Missing(WhyNot(question, release, script));
    }

    private static ArtifactMatch Missing(string problem) => new(null, null, problem);

    private static T? First<T>(IEnumerable<string> names, Func<string, T?> find) where T : class
    {
        foreach (var name in names)
        {
            if (find(name) is { } found)
                return found;
        }

        return null;
    }

    private Generated? Script(int project, string release, string url) => session.First(
        "SELECT debug_id, map_url FROM artifacts WHERE project_id = ?1 AND release = ?2 AND url = ?3 AND is_map = 0",
        row => new Generated(row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)), project, release, url);

    private string? Map(int project, string release, string url) => (string?)session.Scalar(
        "SELECT hash FROM artifacts WHERE project_id = ?1 AND release = ?2 AND url = ?3 AND is_map = 1", project, release, url);

    private string? MapOfDebugId(int project, string id) => (string?)session.Scalar(
        "SELECT hash FROM artifacts WHERE project_id = ?1 AND debug_id = ?2 AND is_map = 1 ORDER BY id DESC LIMIT 1", project, id);

    private string WhyNot(ArtifactQuestion question, string release, Generated? script)
    {
        if (session.Scalar("SELECT 1 FROM artifacts WHERE project_id = ?1 AND release = ?2 LIMIT 1", question.ProjectId, release) is null)
            return $"No source map was uploaded for release {release}.";
        if (script is not null)
            return $"The file {question.File} was uploaded for release {release}, but not its source map{(script.MapUrl is { Length: < 200 } url ? $" {url}" : "")}.";
        var name = ArtifactUrl.FileName(ArtifactUrl.Normalize(question.File) ?? question.File);
        var elsewhere = (string?)session.Scalar(
            "SELECT url FROM artifacts WHERE project_id = ?1 AND release = ?2 AND name IN (?3, ?3 || '.map') LIMIT 1", question.ProjectId, release, StoreText.Clean(name, ArtifactUrl.Longest));
        return elsewhere is null
            ? $"Release {release} has source maps, but none for {question.File}."
            : $"Release {release} has {elsewhere}, which is another address than {question.File}: upload it under the path that browsers load.";
    }

    private sealed record Generated(string? DebugId, string? MapUrl);
}

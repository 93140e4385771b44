namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The search for maps in a file.</summary>
internal sealed class ArtifactRows(SqliteSession session) : IArtifactIndex
{
    private const string OfBuild = "project_id = ?1 AND release = ?2 AND url = ?3 AND (?4 = '' OR dist IN ('', ?4))";
    private const string BestFirst = "ORDER BY dist = ?4 DESC, id DESC LIMIT 1";

    public UploadedScript? FindScript(Build build, string url) => session.First(
        $"SELECT debug_id, map_url FROM artifacts WHERE {OfBuild} AND kind <> 1 {BestFirst}",
        row => new UploadedScript(row.GetStringOrNull(0), row.GetStringOrNull(1)),
        build.Project, build.Release, url, build.Dist);

    public string? FindMap(Build build, string url) => (string?)session.Scalar(
        $"SELECT hash FROM artifacts WHERE {OfBuild} AND kind = 1 {BestFirst}", build.Project, build.Release, url, build.Dist);

    public string? FindMapOfDebugId(int project, string id) => (string?)session.Scalar(
        "SELECT hash FROM artifacts WHERE project_id = ?1 AND debug_id = ?2 AND kind = 1 ORDER BY id DESC LIMIT 1", project, id);

    public PlacedScript? FindScriptOfDebugId(int project, string id) => session.First(
        "SELECT release, dist, url, map_url FROM artifacts WHERE project_id = ?1 AND debug_id = ?2 AND kind <> 1 ORDER BY id DESC LIMIT 1",
        row => new PlacedScript(new(project, row.GetString(0), row.GetString(1)), row.GetString(2), row.GetStringOrNull(3)),
        project, id);

    public bool HasRelease(Build build) =>
        session.Scalar("SELECT 1 FROM artifacts WHERE project_id = ?1 AND release = ?2 LIMIT 1", build.Project, build.Release) is not null;

    public string? FindNewestRelease(int project) => (string?)session.Scalar(
        "SELECT release FROM artifacts WHERE project_id = ?1 AND release <> '' ORDER BY id DESC LIMIT 1", project);

    public string? FindOtherDist(Build build, string url) => (string?)session.Scalar(
        "SELECT dist FROM artifacts WHERE project_id = ?1 AND release = ?2 AND url IN (?3, ?3 || '.map') ORDER BY id DESC LIMIT 1", build.Project, build.Release, url);

    public IReadOnlyList<string> ListUrls(Build build, string name) => session.Query(
        "SELECT url FROM artifacts WHERE project_id = ?1 AND release = ?2 AND name IN (?3, ?3 || '.map') ORDER BY id DESC LIMIT 100", row => row.GetString(0),
        build.Project, build.Release, name);
}

using System.Text.Json;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Short names and links of projects, and the commits of their releases.</summary>
internal static class ProjectLinkRows
{
    public static string NewShortName(SqliteSession session, string project) =>
        ProjectShortName.Candidates(project).First(name => session.Scalar("SELECT 1 FROM projects WHERE short_name = ?1", name) is null);

    public static int NameOlder(SqliteSession session)
    {
        var unnamed = session.Query("SELECT id, name FROM projects WHERE short_name IS NULL ORDER BY id", row => (Id: row.GetInt32(0), Name: row.GetString(1)));
        foreach (var (id, name) in unnamed)
            session.Execute("UPDATE projects SET short_name = ?2 WHERE id = ?1", id, NewShortName(session, name));
        return unnamed.Count;
    }

    public static int SetLinks(SqliteSession session, int project, ProjectLinks links) => session.Execute(
        "UPDATE projects SET links = ?2 WHERE id = ?1", project, JsonSerializer.SerializeToUtf8Bytes(links, ContractsJson.Default.ProjectLinks));

    public static ProjectLinks ReadLinks(byte[]? stored) =>
        stored is null ? new() : JsonSerializer.Deserialize(stored, ContractsJson.Default.ProjectLinks) ?? new();

    public static int SetCommits(SqliteSession session, int project, string release, IReadOnlyList<ReleaseCommit> commits, long at)
    {
        session.Execute(
            """
            INSERT INTO release_commits (project_id, release, told_at, body) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET told_at = excluded.told_at, body = excluded.body
            """,
            project, StoreText.Clean(release, DeltaReleases.LongestName), at, ReleaseCommits.Write(commits));
        return session.Execute(
            """
            DELETE FROM release_commits WHERE project_id = ?1 AND release IN
                (SELECT release FROM release_commits WHERE project_id = ?1 ORDER BY told_at DESC, release DESC LIMIT -1 OFFSET ?2)
            """,
            project, ReleaseCommits.MostReleases);
    }

    public static IReadOnlyList<ReleaseCommit> Commits(SqliteSession session, int project, string release) => session.First(
        "SELECT body FROM release_commits WHERE project_id = ?1 AND release = ?2",
        row => ReleaseCommits.Read(row.GetBytes(0)), project, StoreText.Clean(release, DeltaReleases.LongestName)) ?? [];
}

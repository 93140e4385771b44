using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>The releases of projects and fingerprints, and what they say of issues that were resolved.</summary>
internal sealed class ReleaseBook(SqliteSession session)
{
    private const int LongestRelease = DeltaReleases.LongestName;

    /// <summary>Visitors make releases up too; those beyond are counted nowhere, and their events reopen by time.</summary>
    private const int MostPerProject = 5_000;
    private const int MostPerFingerprint = 200;

    public void Count(int project, long fingerprint, IReadOnlyList<ReleaseCount> releases)
    {
        foreach (var release in releases)
        {
            if (release.Release.Length > 0)
                CountOfProject(project, release);
            CountOfFingerprint(fingerprint, release);
        }
    }

    /// <summary>Reopens a resolved issue where its events tell that the fix does not hold, or counts them as draining.</summary>
    public void Judge(int project, long issue, long fingerprint, IReadOnlyList<ReleaseCount> releases)
    {
        if (Resolved(issue) is not { } resolved)
            return;
        var later = releases.Where(r => r.LastReceived > resolved.At).ToList();
        if (later.Count == 0 || Reopens(project, issue, resolved, later))
            return;
        session.Execute("UPDATE fingerprints SET drained = drained + ?2 WHERE id = ?1", fingerprint, later.Sum(r => r.Count));
    }

    /// <summary>The same for what is stored already: the stream of commands and the lanes are not in one order, and maps change.</summary>
    public void Recheck(int project, long issue)
    {
        if (Resolved(issue) is not { } resolved)
            return;
        var later = session.Query(
            """
            SELECT release, count, first_received, last_received FROM fingerprint_releases
            WHERE fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id = ?1) AND last_received > ?2
            """,
            row => new ReleaseCount(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), issue, resolved.At);
        Reopens(project, issue, resolved, later);
    }

    /// <summary>The release that a resolve is for: the one named, which is known from then on, or the newest.</summary>
    public string? ForResolve(int project, string? named, long at)
    {
        if (string.IsNullOrWhiteSpace(named))
            return ReleaseOrder.Newest(session.Query(
                $"{SelectKnown} WHERE project_id = ?1", ReadKnown, project))?.Version;
        var version = StoreText.Clean(named.Trim(), LongestRelease);
        Tell(project, version, null, null, at);
        return version;
    }

    public void Tell(int project, string version, long? releasedAt, long? order, long at) => session.Execute(
        """
        INSERT INTO releases (project_id, version, events, told_at, released_at, place) VALUES (?1, ?2, 0, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET told_at = coalesce(told_at, excluded.told_at), released_at = coalesce(excluded.released_at, released_at),
            place = coalesce(excluded.place, place)
        """,
        project, StoreText.Clean(version.Trim(), LongestRelease), at, releasedAt, order);

    private bool Reopens(int project, long issue, Resolve resolved, IReadOnlyList<ReleaseCount> later)
    {
        if (Reopening.Of(resolved.Release, later, version => Known(project, version)) is not var (what, release, at))
            return false;
        session.Execute(
            """
            UPDATE issues SET state = 0, resolved_at = NULL, resolved_in = NULL, resolved_next = 0, changed_by = NULL, regressed = ?2 IS NOT NULL,
                regressed_in = coalesce(?2, regressed_in)
            WHERE id = ?1
            """,
            issue, release);
        IssueHistory.Add(session, issue, at, what, by: null, release);
        return true;
    }

    private void CountOfProject(int project, ReleaseCount release)
    {
        const string Add =
            """
            UPDATE releases SET events = events + ?3, first_received = min(coalesce(first_received, ?4), ?4), last_received = max(coalesce(last_received, ?5), ?5)
            WHERE project_id = ?1 AND version = ?2
            """;
        if (session.Execute(Add, project, release.Release, release.Count, release.FirstReceived, release.LastReceived) == 1)
            return;
        if (session.Number("SELECT count(*) FROM (SELECT 1 FROM releases WHERE project_id = ?1 LIMIT ?2)", project, MostPerProject) < MostPerProject)
            session.Execute(
                "INSERT INTO releases (project_id, version, events, first_received, last_received) VALUES (?1, ?2, ?3, ?4, ?5)",
                project, release.Release, release.Count, release.FirstReceived, release.LastReceived);
    }

    private void CountOfFingerprint(long fingerprint, ReleaseCount release)
    {
        const string Add =
            """
            UPDATE fingerprint_releases SET count = count + ?3, first_received = min(first_received, ?4), last_received = max(last_received, ?5)
            WHERE fingerprint_id = ?1 AND release = ?2
            """;
        if (session.Execute(Add, fingerprint, release.Release, release.Count, release.FirstReceived, release.LastReceived) == 1)
            return;
        session.Execute(
            "INSERT INTO fingerprint_releases (fingerprint_id, release, count, first_received, last_received) VALUES (?1, ?2, ?3, ?4, ?5)",
            fingerprint, release.Release, release.Count, release.FirstReceived, release.LastReceived);
        session.Execute(
            """
            DELETE FROM fingerprint_releases WHERE (fingerprint_id, release) IN
                (SELECT fingerprint_id, release FROM fingerprint_releases WHERE fingerprint_id = ?1 ORDER BY last_received DESC LIMIT 100 OFFSET ?2)
            """,
            fingerprint, MostPerFingerprint);
        if (release.Release.Length > 0)
            session.Execute(
                """
                UPDATE fingerprints SET first_release = ?2, first_release_at = ?3
                WHERE id = ?1 AND (first_release IS NULL OR first_release_at > ?3)
                """,
                fingerprint, release.Release, release.FirstReceived);
    }

    private Resolve? Resolved(long issue) => session.First(
        "SELECT resolved_at, resolved_in FROM issues WHERE id = ?1 AND state = 1",
        row => new Resolve(row.GetInt64(0), row.GetStringOrNull(1)), issue);

    private const string SelectKnown = "SELECT version, place, coalesce(released_at, first_received, told_at) FROM releases";

    private KnownRelease? Known(int project, string version) => session.First(
        $"{SelectKnown} WHERE project_id = ?1 AND version = ?2", ReadKnown, project, version);

    private static KnownRelease ReadKnown(SqliteRow row) =>
        new(row.GetString(0), row.GetInt64OrNull(1), row.GetInt64(2));

    private sealed record Resolve(long At, string? Release);
}

using System.Text.Json;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What readers ask of the map of fingerprints and of releases. Covered by the test of query plans.</summary>
internal static class MapQueries
{
    public static MergePreview? PreviewMerge(SqliteSession session, int project, IReadOnlyList<long> issues)
    {
        var rows = issues.Distinct().Select(issue => session.First(
            $"SELECT {IssueListQuery.Columns} FROM issues i WHERE i.id = ?1 AND i.project_id = ?2", ErrorQueries.ReadRow, issue, project)).OfType<IssueRow>().ToList();
        if (rows.Count == 0 || rows.Count != issues.Distinct().Count())
            return null;
        var newest = rows.Select(row => session.First(
            "SELECT last_received, title, culprit FROM fingerprints WHERE issue_id = ?1 ORDER BY last_received DESC LIMIT 1",
            r => new Headline(r.GetInt64(0), r.GetString(1), r.GetString(2)), row.Id)).OfType<Headline>().MaxBy(headline => headline.Received);
        return new(
            rows, rows.Sum(row => row.Count), UserCounter.Union(session, [.. rows.Select(row => row.Id)]), rows.Min(row => row.FirstSeen), rows.Max(row => row.LastSeen),
            newest?.Title ?? rows[0].Title, newest?.Culprit ?? rows[0].Culprit,
            rows.Sum(row => (int)session.Number("SELECT count(*) FROM fingerprints WHERE issue_id = ?1", row.Id)));
    }

    public static IReadOnlyList<IssueMove> ListMoves(SqliteSession session, int project, long issue, int limit) =>
    [
        .. session.Query(
            """
            SELECT id, at, what, by, undone_by FROM moves WHERE project_id = ?2 AND id IN (
                SELECT move_id FROM move_parts WHERE from_issue = ?1 UNION SELECT move_id FROM move_parts WHERE to_issue = ?1
                UNION SELECT move_id FROM move_parts WHERE fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id = ?1))
            ORDER BY id DESC LIMIT ?3
            """,
            row => new IssueMove(
                row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetStringOrNull(3), row.GetInt64OrNull(4), []),
            issue, project, limit)
            .Select(move => move with { Parts = Parts(session, move.Id) }),
    ];

    public static IReadOnlyList<FingerprintTotals> ListFingerprints(SqliteSession session, long issue, int limit) => session.Query(
        """
        SELECT version, fingerprint, tokens, notes, title, culprit, count, first_seen, last_seen FROM fingerprints
        WHERE issue_id = ?1 ORDER BY count DESC, id LIMIT ?2
        """,
        row => new FingerprintTotals(
            ErrorQueries.ReadGrouping(row), row.GetString(4), row.GetString(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)),
        issue, limit);

    /// <summary>Releases are few and their order is no column's, so all are read.</summary>
    public static IReadOnlyList<ReleaseRow> ListReleases(SqliteSession session, int project, int limit)
    {
        var all = session.Query(
            "SELECT version, first_received, last_received, events, released_at, place, told_at FROM releases WHERE project_id = ?1",
            row => (
                Known: new KnownRelease(row.GetString(0), row.GetInt64OrNull(5), row.GetInt64OrNull(4) ?? row.GetInt64OrNull(1) ?? row.GetInt64OrNull(6) ?? 0),
                Row: new ReleaseRow(row.GetString(0), row.GetInt64OrNull(1), row.GetInt64OrNull(2), row.GetInt64(3), row.GetInt64OrNull(4), row.GetInt64OrNull(5), 0, 0)),
            project);
        all.Sort((a, b) => ReleaseOrder.Compare(b.Known, a.Known));
        return
        [
            .. all.Take(limit).Select(release => release.Row with
            {
                NewIssues = session.Number(
                    "SELECT count(*) FROM issues INDEXED BY issues_first_release WHERE project_id = ?1 AND first_release = ?2", project, release.Row.Version),
                Regressed = session.Number(
                    "SELECT count(*) FROM issues INDEXED BY issues_regressed_in WHERE project_id = ?1 AND regressed_in = ?2", project, release.Row.Version),
                Fixed = session.Number(
                    "SELECT count(*) FROM issues INDEXED BY issues_resolved_in WHERE project_id = ?1 AND resolved_in = ?2 AND state = 1", project, release.Row.Version),
            }),
        ];
    }

    public static IssueResolution? GetResolution(SqliteSession session, long issue) => session.First(
        """
        SELECT resolved_at, resolved_in, (SELECT sum(drained) FROM fingerprints WHERE issue_id = ?1), resolved_next FROM issues WHERE id = ?1
        """,
        row => new IssueResolution(row.GetInt64(0), row.GetStringOrNull(1), row.IsDBNull(2) ? 0 : row.GetInt64(2)) { InNext = row.GetInt64(3) != 0 }, issue);

    public static RemapProgress? GetRemapProgress(SqliteSession session) =>
        session.Scalar("SELECT value FROM progress WHERE name = 'remap'") is string json ? JsonSerializer.Deserialize(json, ContractsJson.Default.RemapProgress) : null;

    private static List<MovedFingerprint> Parts(SqliteSession session, long move) => session.Query(
        """
        SELECT f.version, f.fingerprint, p.from_issue, p.to_issue FROM move_parts p JOIN fingerprints f ON f.id = p.fingerprint_id
        WHERE p.move_id = ?1 ORDER BY p.fingerprint_id LIMIT 200
        """,
        row => new MovedFingerprint(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)), move);

    private sealed record Headline(long Received, string Title, string Culprit);
}

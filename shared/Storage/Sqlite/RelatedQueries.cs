namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Issues that have to do with one. Every step reads a bounded number of rows along an index; covered by the test of query plans.</summary>
internal static class RelatedQueries
{
    private const string FingerprintsOfIssue = "(SELECT id FROM fingerprints WHERE issue_id = ?1)";
    private const string IssueOfSample = "(SELECT issue_id FROM fingerprints WHERE id = fingerprint_id)";

    public static string? FirstRelease(SqliteSession session, long issue) =>
        (string?)session.Scalar("SELECT first_release FROM issues WHERE id = ?1", issue);

    public static RelatedIssues List(SqliteSession session, int project, long issue, int limit) => new(
        Known(session, SameUsers(session, project, issue), issue, limit),
        Known(session, SamePage(session, project, issue), issue, limit),
        SameRelease(session, project, issue, limit));

    /// <summary>An issue once for each visitor that met it.</summary>
    private static IEnumerable<long> SameUsers(SqliteSession session, int project, long issue) => session.Query(
        $"SELECT user_key FROM samples WHERE fingerprint_id IN {FingerprintsOfIssue} AND user_key IS NOT NULL ORDER BY at DESC LIMIT ?2",
        row => row.GetString(0), issue, RelatedReach.Users)
        .Distinct()
        .SelectMany(user => session.Query(
            $"SELECT {IssueOfSample} FROM samples INDEXED BY samples_user WHERE project_id = ?1 AND user_key = ?2 ORDER BY at DESC LIMIT ?3",
            row => row.GetInt64(0), project, user, RelatedReach.EventsPerUser).Distinct());

    /// <summary>An issue once for each kept event.</summary>
    private static IEnumerable<long> SamePage(SqliteSession session, int project, long issue) => session.Query(
        $"""
        SELECT value FROM facets WHERE fingerprint_id IN {FingerprintsOfIssue} AND dimension = 'page' AND value <> ?2
        GROUP BY value ORDER BY sum(count) DESC LIMIT ?3
        """,
        row => row.GetString(0), issue, FacetValue.Rest, RelatedReach.Pages)
        .SelectMany(page => session.Query(
            $"SELECT {IssueOfSample} FROM samples INDEXED BY samples_page WHERE project_id = ?1 AND page = ?2 ORDER BY at DESC LIMIT ?3",
            row => row.GetInt64(0), project, page, RelatedReach.EventsPerPage));

    private static IReadOnlyList<RelatedIssue> SameRelease(SqliteSession session, int project, long issue, int limit) =>
        FirstRelease(session, issue) is not { } release ? [] : session.Query(
            """
            SELECT id, title, culprit, state, count, last_seen FROM issues INDEXED BY issues_first_release
            WHERE project_id = ?1 AND first_release = ?2 AND id <> ?3 ORDER BY id DESC LIMIT ?4
            """,
            row => Read(row, 0), project, release, issue, limit);

    private static IReadOnlyList<RelatedIssue> Known(SqliteSession session, IEnumerable<long> found, long issue, int limit) =>
    [
        .. RelatedReach.Ranked(found, issue).Take(limit)
            .Select(one => session.First("SELECT id, title, culprit, state, count, last_seen FROM issues WHERE id = ?1", row => Read(row, one.Value), one.Key))
            .OfType<RelatedIssue>(),
    ];

    private static RelatedIssue Read(SqliteRow row, long shared) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), (IssueState)row.GetInt32(3), row.GetInt64(4), row.GetInt64(5), shared);
}

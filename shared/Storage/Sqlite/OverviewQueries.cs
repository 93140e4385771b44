namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What the overview and the pages of releases ask. Each walks an index and ends at a bound.</summary>
internal static class OverviewQueries
{
    /// <summary>Rows of one quarter of a day that the largest of all projects are chosen from.</summary>
    private const int LargestOfAll = 1_000;

    private const int MostQuarters = 31 * 4;

    /// <summary>Rows of a quarter: each project has at most one a minute.</summary>
    private const int MostArrivals = 20_000;

    public static OverviewFacts Get(SqliteSession session, OverviewQuery query)
    {
        var (index, of) = query.ProjectId is null ? ("issues_", "?1 IS NULL") : ("issues_project_", "i.project_id = ?1");
        var isNew = $"FROM issues i INDEXED BY {index}first_seen WHERE {of} AND i.first_seen >= ?2";
        var isBack = $"FROM issues i INDEXED BY {index}regressed WHERE {of} AND i.regressed = 1 AND i.state = 0";
        return new(
            session.Number($"SELECT count(*) FROM (SELECT 1 {isNew} LIMIT {OverviewFacts.MostCounted})", query.ProjectId, query.Since),
            session.Number($"SELECT count(*) FROM (SELECT 1 {isBack} LIMIT {OverviewFacts.MostCounted})", query.ProjectId),
            session.Query($"SELECT {IssueListQuery.Columns} {isNew} ORDER BY i.first_seen DESC, i.id DESC LIMIT ?3", ErrorQueries.ReadRow, query.ProjectId, query.Since, query.Top),
            session.Query($"SELECT {IssueListQuery.Columns} {isBack} ORDER BY i.last_seen DESC, i.id DESC LIMIT ?2", ErrorQueries.ReadRow, query.ProjectId, query.Top),
            Largest(session, query, Tallies.Class, byProject: false, most: 20),
            Largest(session, query, Tallies.Release, byProject: true, query.Top),
            Largest(session, query, Tallies.Page, byProject: true, query.Top));
    }

    public static IReadOnlyList<ReleaseShare> ListShares(SqliteSession session, int project, long since, string? environment) =>
        Tallies.Shares(OfProject(session, project, Tallies.QuarterOf(since), Tallies.In(Tallies.Release, environment)));

    public static IReadOnlyList<Arrivals> ListArrivals(SqliteSession session, ArrivalsQuery query) =>
        Tallies.Arrivals(Rows(session, query.ProjectId, query.Since, Tallies.In(query.ByMinute ? Tallies.Minute : Tallies.Hour, query.Environment), MostArrivals), query.ByMinute);

    public static IReadOnlyList<ReleaseSessions> ListSessions(SqliteSession session, int? project, string? environment, long since) =>
        Tallies.Sessions(kind => Rows(session, project, since, Tallies.In(kind, environment), LargestOfAll));

    public static IReadOnlyList<IssueRow> ListOfRelease(SqliteSession session, int project, string release, ReleaseIssues how, int limit)
    {
        var (index, where) = how switch
        {
            ReleaseIssues.New => ("issues_first_release", "i.first_release = ?2"),
            ReleaseIssues.Fixed => ("issues_resolved_in", "i.resolved_in = ?2 AND i.state = 1"),
            _ => ("issues_regressed_in", "i.regressed_in = ?2"),
        };
        return session.Query(
            $"SELECT {IssueListQuery.Columns} FROM issues i INDEXED BY {index} WHERE i.project_id = ?1 AND {where} ORDER BY i.count DESC, i.id DESC LIMIT ?3",
            ErrorQueries.ReadRow, project, StoreText.Clean(release, DeltaReleases.LongestName), limit);
    }

    private static IReadOnlyList<Tally> Largest(SqliteSession session, OverviewQuery query, string dimension, bool byProject, int most) =>
        Tallies.Largest(Rows(session, query.ProjectId, query.Since, Tallies.In(dimension, query.Environment), LargestOfAll), byProject, most);

    /// <summary>Of one project all are read, which are few; of all projects the largest of each quarter, so that the smallest of what is shown may miss a little.</summary>
    private static IEnumerable<Tally> Rows(SqliteSession session, int? project, long since, string dimension, int largest)
    {
        var from = Tallies.QuarterOf(since);
        if (project is { } one)
            return OfProject(session, one, from, dimension).Select(row => row.Tally);
        var (rows, last) = (new List<Tally>(), LastQuarter(session, from));
        for (var quarter = from; quarter <= last; quarter++)
            rows.AddRange(session.Query(
                "SELECT project_id, value, count FROM tallies INDEXED BY tallies_largest WHERE quarter = ?1 AND dimension = ?2 ORDER BY count DESC LIMIT ?3",
                Read, quarter, dimension, largest));
        return rows;
    }

    /// <summary>Quarter by quarter: between them lie all other dimensions.</summary>
    private static List<(long Quarter, Tally Tally)> OfProject(SqliteSession session, int project, long from, string dimension) => session.Query(
        """
        WITH RECURSIVE quarters (n) AS (SELECT ?2 UNION ALL SELECT n + 1 FROM quarters WHERE n < ?4)
        SELECT t.project_id, t.value, t.count, t.quarter FROM quarters CROSS JOIN tallies t ON t.project_id = ?1 AND t.quarter = quarters.n AND t.dimension = ?3
        """,
        row => (row.GetInt64(3), Read(row)), project, from, dimension, Math.Max(from, LastQuarter(session, from)));

    private static long LastQuarter(SqliteSession session, long from) =>
        session.Scalar("SELECT max(quarter) FROM tallies INDEXED BY tallies_largest") is long newest ? Math.Min(newest, from + MostQuarters) : -1;

    private static Tally Read(SqliteRow row) => new(row.GetInt32(0), row.GetString(1), row.GetInt64(2));
}

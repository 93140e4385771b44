using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>What readers ask, on one connection. Every statement here is covered by a test of its query plan.</summary>
internal static class ErrorQueries
{
    private const string FingerprintsOfIssue = "(SELECT id FROM fingerprints WHERE issue_id = ?1)";

    public static IssuePage ListIssues(SqliteSession session, IssueQuery query)
    {
        if (SearchQuestion.Of(query) is not { } asked)
            return new([], null); // asked for, but nothing in it that any text could contain
        var list = new IssueListQuery(query, IssueCursor.Of(query), asked);
        var rows = list.Run(session, ReadRow);
        return IssueCursor.Page(query, rows, row => row with { Trend = Trend(session, row.Id, query) });
    }

    public static IssueDetail? GetIssue(SqliteSession session, int project, long issue)
    {
        var row = session.First($"SELECT {IssueListQuery.Columns} FROM issues i WHERE i.id = ?1 AND i.project_id = ?2", ReadRow, issue, project);
        if (row is null)
            return null;
        var fingerprints = session.Query(
            "SELECT version, fingerprint, tokens, notes FROM fingerprints WHERE issue_id = ?1 ORDER BY id", ReadGrouping, issue);
        var history = session.Query(
            "SELECT at, what, by, detail FROM history WHERE issue_id = ?1 ORDER BY id",
            r => new IssueHistoryEntry(r.GetInt64(0), r.GetString(1), r.GetStringOrNull(2)) { Detail = r.GetStringOrNull(3) }, issue);
        return new(row, fingerprints, ListSamples(session, issue, 1) is [var newest] ? newest.EventId : null, history)
        {
            Resolution = row.State == IssueState.Resolved ? MapQueries.GetResolution(session, issue) : null,
            FirstRelease = RelatedQueries.FirstRelease(session, issue),
            Ignored = IssueStandings.Read(session, issue)?.Ignored,
        };
    }

    public static Grouping ReadGrouping(SqliteRow row) => new(row.GetString(0), row.GetString(1), StoredJson.ReadTokens(row.GetString(2)))
    {
        Notes = row.GetStringOrNull(3) is { } notes ? StoredJson.ReadTokens(notes) : null,
    };

    public static IReadOnlyList<long> GetSeries(SqliteSession session, long issue, long fromHour, long toHour, string? environment)
    {
        var series = new long[toHour - fromHour + 1];
        var counts = session.Query(
            $"""
            SELECT hour, sum(count) FROM hours
            WHERE fingerprint_id IN {FingerprintsOfIssue} AND hour BETWEEN ?2 AND ?3 AND (?4 IS NULL OR environment = ?4) GROUP BY hour
            """,
            row => (Hour: row.GetInt64(0), Count: row.GetInt64(1)), issue, fromHour, toHour, StoreText.CleanOrNull(environment, 1000));
        foreach (var (hour, count) in counts)
            series[hour - fromHour] = count;
        return series;
    }

    public static IReadOnlyList<Facet> GetFacets(SqliteSession session, long issue, int top) =>
    [
        .. session.Query(
            $"SELECT dimension, value, sum(count) AS n FROM facets WHERE fingerprint_id IN {FingerprintsOfIssue} GROUP BY dimension, value ORDER BY dimension, n DESC, value",
            row => (Dimension: row.GetString(0), Value: row.GetString(1), Count: row.GetInt64(2)), issue)
            .GroupBy(row => row.Dimension)
            .Select(rows => new Facet(
                rows.Key, [.. rows.Take(top).Select(row => new FacetValue(row.Value, row.Count))],
                Math.Max(0, rows.Count() - top), rows.Sum(row => row.Count)))
    ];

    public static IReadOnlyList<SampleRef> ListSamples(SqliteSession session, long issue, int limit) => session.Query(
        $"""
        SELECT event_id, at, browser, page, os, device, release, environment, user_key, user FROM samples
        WHERE fingerprint_id IN {FingerprintsOfIssue} ORDER BY at DESC, id DESC LIMIT ?2
        """,
        row => new SampleRef(row.GetString(0), row.GetInt64(1), row.GetStringOrNull(2), row.GetStringOrNull(3))
        {
            Os = row.GetStringOrNull(4),
            Device = row.GetStringOrNull(5),
            Release = row.GetStringOrNull(6),
            Environment = row.GetStringOrNull(7),
            UserKey = row.GetStringOrNull(8),
            User = row.GetStringOrNull(9),
        },
        issue, limit);

    public static EventSample? GetEvent(SqliteSession session, int project, string eventId) => session.First(
        "SELECT body FROM samples WHERE project_id = ?1 AND event_id = ?2",
        row => StoredJson.ReadSample(row.GetBytes(0)), project, StoreText.Clean(eventId, 100));

    public static IReadOnlyList<EventSample> WalkEvents(SqliteSession session, int project, string? after, int limit) => session.Query(
        "SELECT body FROM samples WHERE project_id = ?1 AND event_id > ?2 ORDER BY event_id LIMIT ?3",
        row => StoredJson.ReadSample(row.GetBytes(0)), project, StoreText.Clean(after ?? "", 100), limit);

    public static IReadOnlyList<string> ListEnvironments(SqliteSession session, int project) => session.Query(
        "SELECT environment FROM environments WHERE project_id = ?1 ORDER BY count DESC, environment DESC LIMIT 100", row => row.GetString(0), project);

    public static IReadOnlyList<ClientArrivals> ListClients(SqliteSession session, int project) => session.Query(
        "SELECT client, count, last_received, last_issue_id FROM clients WHERE project_id = ?1 ORDER BY client",
        row => new ClientArrivals(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), project);

    public static IReadOnlyList<OutcomeCount> ListOutcomes(SqliteSession session, int? project, long fromMinute) => session.Query(
        "SELECT project_id, minute, outcome, count FROM outcomes WHERE minute >= ?1 AND (?2 IS NULL OR project_id = ?2) ORDER BY minute, project_id, outcome",
        row => new OutcomeCount(row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3)), fromMinute, project);

    public static IReadOnlySet<string> AppliedCommands(SqliteSession session, IReadOnlyCollection<string> ids)
        => ids.Where(id => session.Scalar("SELECT 1 FROM commands WHERE id = ?1", StoreText.Clean(id, 100)) is not null).ToHashSet();

    public static IReadOnlyList<ApproximateInterval> ListApproximate(SqliteSession session, int limit) => session.Query(
        "SELECT lane, from_ms, to_ms, reason FROM approximate ORDER BY id DESC LIMIT ?1",
        row => new ApproximateInterval(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3)), limit);

    public static IReadOnlyList<RefusedDelta> ListRefused(SqliteSession session, int limit) => session.Query(
        "SELECT entry, delta, reason FROM refused ORDER BY id DESC LIMIT ?1",
        row => new RefusedDelta(StreamId.FromSortable(row.GetString(0)), StoredJson.ReadDelta(row.GetBytes(1)), row.GetString(2)), limit);

    public static StoreSummary Summarize(SqliteSession session) => new(
        session.Number("SELECT count(*) FROM issues"),
        session.Number("SELECT count(*) FROM samples"),
        session.Number("SELECT coalesce(sum(count), 0) FROM issues INDEXED BY issues_count"),
        session.Number("PRAGMA page_count") * session.Number("PRAGMA page_size"),
        $"SQLite {session.Connection.ServerVersion}");

    private static IReadOnlyList<long> Trend(SqliteSession session, long issue, IssueQuery query)
        => query.TrendHours <= 0 ? [] : GetSeries(session, issue, query.NowHour - query.TrendHours + 1, query.NowHour, environment: null);

    public static IssueRow ReadRow(SqliteRow row) => new()
    {
        Id = row.GetInt64(0),
        ProjectId = row.GetInt32(1),
        Title = row.GetString(2),
        Culprit = row.GetString(3),
        Level = row.GetString(4),
        Class = row.GetString(5),
        State = (IssueState)row.GetInt32(6),
        Count = row.GetInt64(7),
        Users = row.GetInt64(8),
        FirstSeen = row.GetInt64(9),
        LastSeen = row.GetInt64(10),
        RegressedIn = row.GetStringOrNull(11),
        Draining = row.GetInt64(12),
        Assignee = row.GetStringOrNull(13),
        Trend = [],
    };
}

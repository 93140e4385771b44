using System.Text.Json;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// The SQL of a list of issues: few shapes, since every condition stands in each and says nothing where it is not asked for. A page walks the
/// sort's own index from the cursor on, so that it costs its rows and not the table; only where few issues meet one of the conditions it
/// starts from those. Words that are in every other issue are met on the walk soonest: the search index would have to list all that have them first.
/// </summary>
internal sealed class IssueListQuery
{
    /// <summary>Up to so many are sorted; more are met soon enough on the walk.</summary>
    public const int FewMatches = 2000;

    /// <summary>Issues whose own text is read before the search index is asked.</summary>
    private const int MostRead = 600;

    public const string Columns =
        """
        i.id, i.project_id, i.title, i.culprit, i.level, i.class, i.state, i.count, i.users, i.first_seen, i.last_seen, CASE WHEN i.regressed THEN i.regressed_in END,
            CASE WHEN i.state = 1 THEN i.drained ELSE 0 END, i.assignee
        """;

    private const string Conditions =
        """
        (?3 IS NULL OR i.project_id = ?3) AND (?4 IS NULL OR i.state = ?4) AND (?5 IS NULL OR i.state <> ?5)
            AND (?6 IS NULL OR i.class = ?6) AND (?7 IS NULL OR i.class <> ?7) AND (?8 IS NULL OR i.level = ?8) AND (?9 IS NULL OR i.level <> ?9)
            AND (?18 IS NULL OR i.regressed = ?18) AND (?19 IS NULL OR (i.state = 1 AND i.drained > 0) = ?19)
            AND (?20 IS NULL OR (i.assignee IS NOT NULL) = ?20)
            AND (?21 IS NULL OR i.assignee IN (SELECT value FROM json_each(?21))) AND (?22 IS NULL OR i.assignee IS NOT ?22)
            AND (?23 IS NULL OR EXISTS (SELECT 1 FROM fingerprints f CROSS JOIN facets c ON c.fingerprint_id = f.id AND c.dimension = 'environment' AND c.value = ?23 WHERE f.issue_id = i.id))
            AND (?25 IS NULL OR i.id NOT IN (SELECT rowid FROM search WHERE search MATCH ?25))
            AND (?26 IS NULL OR EXISTS (SELECT 1 FROM fingerprints f CROSS JOIN users u ON u.fingerprint_id = f.id WHERE f.issue_id = i.id AND u.user IN (SELECT value FROM json_each(?26))))
        """;

    /// <summary>The end of a range that the cursor does not tell bounds the walk; the other is looked at row by row, or it might be taken for the place to begin.</summary>
    private const string Downwards =
        """
        i.last_seen >= ?10 AND +i.last_seen <= ?11 AND i.first_seen >= ?12 AND +i.first_seen <= ?13
            AND i.count >= ?14 AND +i.count <= ?15 AND i.users >= ?16 AND +i.users <= ?17
        """;

    private const string Upwards =
        """
        +i.last_seen >= ?10 AND i.last_seen <= ?11 AND +i.first_seen >= ?12 AND i.first_seen <= ?13
            AND +i.count >= ?14 AND i.count <= ?15 AND +i.users >= ?16 AND i.users <= ?17
        """;

    private const string Matches = "AND (?24 IS NULL OR i.id IN (SELECT rowid FROM search WHERE search MATCH ?24))";

    /// <summary>Every word occurs in the text of one of an issue's fingerprints.</summary>
    private const string IsWritten =
        """
        NOT EXISTS (SELECT 1 FROM json_each(?24) asked WHERE NOT EXISTS (
            SELECT 1 FROM fingerprints f CROSS JOIN words w ON w.fingerprint_id = f.id WHERE f.issue_id = i.id AND instr(' ' || w.words || ' ', asked.value) > 0))
        """;

    private readonly IssueSort _sort;
    private readonly bool _ofProject;
    private readonly bool _back;
    private readonly int _limit;
    private readonly string? _written;
    private readonly object?[] _values;

    /// <param name="query">What is asked.</param>
    /// <param name="cursor">Where the page begins, or ends if it is asked for backwards.</param>
    /// <param name="asked">Questions for the search index.</param>
    public IssueListQuery(IssueQuery query, IssueCursor cursor, SearchQuestion asked)
    {
        (_sort, _ofProject, _back, _limit) = (query.Sort, query.ProjectId is not null, query.Before is not null, query.Limit + 1);
        _written = Json(asked.Written, 1000);
        var since = Math.Max(query.Since ?? long.MinValue, query.LastSeen?.From ?? long.MinValue);
        _values =
        [
            cursor.Value, cursor.Id, query.ProjectId, (int?)query.State, (int?)query.NotState,
            StoreText.CleanOrNull(query.Class, 100), StoreText.CleanOrNull(query.NotClass, 100), StoreText.CleanOrNull(query.Level, 50), StoreText.CleanOrNull(query.NotLevel, 50),
            since, query.LastSeen?.To ?? long.MaxValue, query.FirstSeen?.From ?? long.MinValue, query.FirstSeen?.To ?? long.MaxValue,
            query.Count?.From ?? long.MinValue, query.Count?.To ?? long.MaxValue, query.Users?.From ?? long.MinValue, query.Users?.To ?? long.MaxValue,
            Flag(query.Regressed), Flag(query.Draining), Flag(query.Assigned), Json(query.Assignees, 320), StoreText.CleanOrNull(query.NotAssignee, 320),
            StoreText.CleanOrNull(query.Environment, 1000), asked.Match, asked.NoMatch, Json(query.MetBy, 128), _limit,
        ];
    }

    public List<T> Run<T>(SqliteSession session, Func<SqliteRow, T> read)
    {
        var starts = Starts().ToList();
        // Only where nothing but the words could make the walk a long one.
        if (_written is not null && starts.Count == 1 && session.Query(SqlOfWritten(), read, Written()) is var found && found.Count == _limit)
            return found;
        return session.Query(Sql(starts.Find(start => IsFew(session, start))), read, _values);
    }

    /// <summary>Every statement that <see cref="Run"/> may choose: what the test of query plans looks at.</summary>
    public void RunAll(SqliteSession session)
    {
        session.Query(Sql(null), _ => 0, _values);
        session.Query(SqlOfWritten(), _ => 0, Written());
        foreach (var start in Starts())
        {
            IsFew(session, start);
            session.Query(Sql(start), _ => 0, _values);
        }
    }

    public static string Column(IssueSort sort) => sort switch
    {
        IssueSort.LastSeen => "last_seen",
        IssueSort.FirstSeen => "first_seen",
        IssueSort.Count => "count",
        IssueSort.Users => "users",
        _ => throw new ArgumentException($"there is no sort {sort}", nameof(sort)),
    };

    private string Sql(Start? start)
    {
        var from = start is { } few ? $"({few.Select($"?{few.First}", $"?{few.Second}")}) CROSS JOIN issues i ON i.id = match" : Walk;
        return $"SELECT {Columns} FROM {from} WHERE {Where(start is null)} {Matches} {Order} LIMIT ?27";
    }

    /// <summary>The page, as long as it is found among the first.</summary>
    private string SqlOfWritten() =>
        $"SELECT {Columns} FROM (SELECT i.id AS match FROM {Walk} WHERE {Where(isWalk: true)} {Order} LIMIT {MostRead}) CROSS JOIN issues i ON i.id = match WHERE {IsWritten} {Order} LIMIT ?27";

    private object?[] Written() => [.. _values[..23], _written, .. _values[24..]];

    private string Walk => $"issues i INDEXED BY issues_{(_ofProject ? "project_" : "")}{Column(_sort)}";

    private string Where(bool isWalk) =>
        $"""
        (i.{Column(_sort)}, i.id) {(_back ? ">" : "<")} (?1, ?2) AND {(_ofProject && isWalk ? "i.project_id = ?3 AND " : "")}{Conditions}
            AND {(_back ? Upwards : Downwards)}
        """;

    private string Order => $"ORDER BY i.{Column(_sort)} {Direction}, i.id {Direction}";

    private string Direction => _back ? "ASC" : "DESC";

    /// <summary>What few issues may meet, each with an index of its own; the most telling first.</summary>
    private IEnumerable<Start> Starts()
    {
        if (Has(26))
            yield return new(26, 26, (a, _) =>
                $"SELECT DISTINCT f.issue_id AS match FROM users u INDEXED BY users_user CROSS JOIN fingerprints f ON f.id = u.fingerprint_id WHERE u.user IN (SELECT value FROM json_each({a}))");
        if (Has(24))
            yield return new(24, 24, (a, _) => $"SELECT rowid AS match FROM search WHERE search MATCH {a}");
        if (Has(21))
            yield return new(21, 21, (a, _) => $"SELECT id AS match FROM issues INDEXED BY issues_assignee WHERE assignee IN (SELECT value FROM json_each({a}))");
        if (IsSet(18))
            yield return new(0, 0, (_, _) => "SELECT id AS match FROM issues INDEXED BY issues_regressed WHERE regressed = 1");
        if (IsSet(19))
            yield return new(0, 0, (_, _) => "SELECT id AS match FROM issues INDEXED BY issues_drained WHERE drained > 0");
        if (IsSet(20))
            yield return new(0, 0, (_, _) => "SELECT id AS match FROM issues INDEXED BY issues_assignee WHERE assignee IS NOT NULL");
        if (Has(23))
            yield return new(23, 23, (a, _) =>
                $"""
                SELECT DISTINCT f.issue_id AS match FROM facets c INDEXED BY facets_environment CROSS JOIN fingerprints f ON f.id = c.fingerprint_id
                WHERE c.dimension = 'environment' AND c.value = {a}
                """);
        if (Has(6))
            yield return new(6, 6, (a, _) => $"SELECT id AS match FROM issues INDEXED BY issues_class WHERE class = {a}");
        if (Has(8))
            yield return new(8, 8, (a, _) => $"SELECT id AS match FROM issues INDEXED BY issues_level WHERE level = {a}");
        foreach (var (first, column) in new[] { (14, "count"), (16, "users"), (12, "first_seen"), (10, "last_seen") })
        {
            if (!Equals(_values[first - 1], long.MinValue) || !Equals(_values[first], long.MaxValue))
                yield return new(first, first + 1, (a, b) => $"SELECT id AS match FROM issues INDEXED BY issues_{column} WHERE {column} BETWEEN {a} AND {b}");
        }
    }

    private bool IsFew(SqliteSession session, Start start)
    {
        object?[] values = start.First == 0 ? [] : start.First == start.Second ? [_values[start.First - 1]] : [_values[start.First - 1], _values[start.Second - 1]];
        return session.Number($"SELECT count(*) FROM (SELECT 1 FROM ({start.Select("?1", "?2")}) LIMIT {FewMatches + 1})", values) <= FewMatches;
    }

    private bool Has(int number) => _values[number - 1] is not null;

    private bool IsSet(int number) => Equals(_values[number - 1], 1);

    private static int? Flag(bool? value) => value switch { null => null, true => 1, _ => 0 };

    private static string? Json(IReadOnlyList<string>? values, int longest) =>
        values is null ? null : JsonSerializer.Serialize([.. values.Take(100).Select(value => StoreText.Clean(value, longest))], ContractsJson.Default.IReadOnlyListString);

    /// <param name="First">Number of its first value; 0 where it needs none.</param>
    /// <param name="Second">Of its second.</param>
    /// <param name="Select">The ids, as "match".</param>
    private sealed record Start(int First, int Second, Func<string, string, string> Select);
}

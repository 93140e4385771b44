namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// The SQL of a list of issues: a bounded number of shapes, values always as parameters. It walks the sort's own index from the
/// cursor on, so that a page costs its rows and not the table; only where few issues match the text or the environment it starts from those.
/// </summary>
internal static class IssueListQuery
{
    /// <summary>Up to so many matches are sorted; more are met soon enough on the walk.</summary>
    public const int FewMatches = 2000;

    public const string CountMatches = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 LIMIT 2001)";

    public const string CountEnvironment =
        "SELECT count(*) FROM (SELECT 1 FROM facets INDEXED BY facets_environment WHERE dimension = 'environment' AND value = ?1 LIMIT 2001)";

    public const string Columns = "i.id, i.project_id, i.title, i.culprit, i.level, i.class, i.state, i.count, i.users, i.first_seen, i.last_seen, CASE WHEN i.regressed THEN i.regressed_in END";

    /// <param name="text">An FTS5 query, or null.</param>
    /// <param name="few">Whether at most <see cref="FewMatches"/> issues match it.</param>
    /// <param name="rare">Whether at most <see cref="FewMatches"/> fingerprints were seen in the environment.</param>
    public static (string Sql, object?[] Values) Build(IssueQuery query, IssueCursor after, string? text, bool few, bool rare)
    {
        List<object?> values = [];
        string Value(object? value)
        {
            values.Add(value);
            return $"?{values.Count}";
        }

        const string Matches = "FROM search WHERE search MATCH";
        var column = Column(query.Sort);
        var from = few ? $"(SELECT rowid AS match {Matches} {Value(text)}) CROSS JOIN issues i ON i.id = match"
            : rare ?
            $"""
            (SELECT DISTINCT f.issue_id AS match FROM facets c INDEXED BY facets_environment CROSS JOIN fingerprints f ON f.id = c.fingerprint_id
                WHERE c.dimension = 'environment' AND c.value = {Value(EnvironmentOf(query))}) CROSS JOIN issues i ON i.id = match
            """
            : $"issues i INDEXED BY issues_{(query.ProjectId is null ? "" : "project_")}{column}";
        List<string> where = [$"(i.{column}, i.id) < ({Value(after.Value)}, {Value(after.Id)})"];
        if (query.ProjectId is { } project)
            where.Add($"i.project_id = {Value(project)}");
        if (query.State is { } state)
            where.Add($"i.state = {Value((int)state)}");
        if (query.Class is { } owner)
            where.Add($"i.class = {Value(StoreText.Clean(owner, 100))}");
        if (query.Since is { } since)
            where.Add($"i.last_seen >= {Value(since)}");
        if (query.Environment is not null && (few || !rare))
            where.Add(
                $"""
                EXISTS (SELECT 1 FROM fingerprints f JOIN facets c ON c.fingerprint_id = f.id AND c.dimension = 'environment'
                    AND c.value = {Value(EnvironmentOf(query))} WHERE f.issue_id = i.id)
                """);
        if (text is not null && !few)
            where.Add($"i.id IN (SELECT rowid {Matches} {Value(text)})");
        var sql = $"SELECT {Columns} FROM {from} WHERE {string.Join(" AND ", where)} ORDER BY i.{column} DESC, i.id DESC LIMIT {Value(query.Limit + 1)}";
        return (sql, [.. values]);
    }

    public static string? EnvironmentOf(IssueQuery query) => StoreText.CleanOrNull(query.Environment, 1000);

    public static string Column(IssueSort sort) => sort switch
    {
        IssueSort.LastSeen => "last_seen",
        IssueSort.FirstSeen => "first_seen",
        IssueSort.Count => "count",
        IssueSort.Users => "users",
        _ => throw new ArgumentException($"there is no sort {sort}", nameof(sort)),
    };
}

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>An issue's totals and description, worked out from its fingerprints and set: they cannot drift.</summary>
internal sealed class IssueTotals(SqliteSession session)
{
    public void Derive(long issue)
    {
        session.Execute(
            """
            UPDATE issues SET (count, users, first_seen, last_seen, drained) =
                (SELECT sum(count), max(users), min(first_seen), max(last_seen), sum(drained) FROM fingerprints WHERE issue_id = ?1)
            WHERE id = ?1
            """,
            issue);
        session.Execute(
            """
            UPDATE issues SET first_release = (SELECT first_release FROM fingerprints WHERE issue_id = ?1 ORDER BY first_seen LIMIT 1),
                (title, culprit, level, class) =
                (SELECT title, culprit, level, class FROM fingerprints WHERE issue_id = ?1 ORDER BY last_received DESC LIMIT 1)
            WHERE id = ?1
            """,
            issue);
        if (session.Number("SELECT count(*) FROM fingerprints WHERE issue_id = ?1", issue) > 1)
            session.Execute("UPDATE issues SET users = ?2 WHERE id = ?1", issue, UserCounter.Union(session, issue));
        new IssueStandings(session).Wake(issue);
    }
}

internal static class IssueHistory
{
    public static void Add(SqliteSession session, long issue, long at, string what, string? by, string? detail = null) => session.Execute(
        "INSERT INTO history (issue_id, at, what, by, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
        issue, at, what, StoreText.CleanOrNull(by, 200), StoreText.CleanOrNull(detail, 250));
}

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Issues made, emptied and brought back; their totals are set by <see cref="IssueTotals"/>.</summary>
internal static class IssueRows
{
    public static long Create(SqliteSession session, int project, long firstSeen) => session.Insert(
        """
        INSERT INTO issues (project_id, title, culprit, level, class, count, users, first_seen, last_seen)
        VALUES (?1, '', '', '', '', 0, 0, ?2, ?2)
        """,
        project, firstSeen);

    /// <summary>An issue without fingerprints is none; its number and state are kept.</summary>
    public static void Retire(SqliteSession session, long issue, long move)
    {
        session.Execute(
            """
            INSERT INTO moved_issues (id, project_id, move_id, state, resolved_at, resolved_in, regressed_in, standing)
            SELECT id, project_id, ?2, state, resolved_at, resolved_in, regressed_in, ?3 FROM issues WHERE id = ?1
            """,
            issue, move, IssueStandings.Read(session, issue)?.Write());
        session.Execute("DELETE FROM search WHERE rowid = ?1", issue);
        session.Execute("DELETE FROM issues WHERE id = ?1", issue);
    }

    public static long Revive(SqliteSession session, long issue)
    {
        session.Execute(
            """
            INSERT INTO issues (id, project_id, state, resolved_at, resolved_in, regressed_in, title, culprit, level, class, count, users, first_seen, last_seen)
            SELECT id, project_id, state, resolved_at, resolved_in, regressed_in, '', '', '', '', 0, 0, 0, 0 FROM moved_issues WHERE id = ?1
            """,
            issue);
        if (session.Scalar("SELECT standing FROM moved_issues WHERE id = ?1", issue) is string standing)
            IssueStandings.Write(session, issue, Standing.Read(standing), command: null);
        session.Execute("DELETE FROM moved_issues WHERE id = ?1", issue);
        return issue;
    }
}

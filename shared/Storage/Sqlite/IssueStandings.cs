using ErrorPipeline.Shared.Contracts;
using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>Reads and changes what people decided about issues, and remembers what it was before.</summary>
internal sealed class IssueStandings(SqliteSession session)
{
    private const string Columns = "state, resolved_at, resolved_in, resolved_next, regressed, ignored_until, ignored_count, ignored_users, assignee";

    public static Standing? Read(SqliteSession session, long issue) => session.First($"SELECT {Columns} FROM issues WHERE id = ?1", Read, issue);

    public static void Write(SqliteSession session, long issue, Standing standing, string? command) => session.Execute(
        """
        UPDATE issues SET state = ?2, resolved_at = ?3, resolved_in = ?4, resolved_next = ?5, regressed = ?6,
            ignored_until = ?7, ignored_count = ?8, ignored_users = ?9, assignee = ?10, changed_by = ?11
        WHERE id = ?1
        """,
        issue, (int)standing.State, standing.ResolvedAt, standing.ResolvedIn, standing.ResolvedNext ? 1 : 0, standing.Regressed ? 1 : 0,
        standing.IgnoredUntil, standing.IgnoredCount, standing.IgnoredUsers, standing.Assignee, command);

    public void Resolve(StoreCommand command, string? release)
    {
        Change(command, standing => standing.Resolve(command, release), release);
        session.Execute("UPDATE fingerprints SET drained = 0 WHERE issue_id = ?1", command.IssueId);
        session.Execute("UPDATE issues SET drained = 0 WHERE id = ?1", command.IssueId);
    }

    public void Ignore(StoreCommand command)
    {
        var (count, users) = session.Query("SELECT count, users FROM issues WHERE id = ?1", row => (row.GetInt64(0), row.GetInt64(1)), command.IssueId)[0];
        Change(command, standing => standing.Ignore(command, count, users), Standing.Waits(command));
    }

    public void Reopen(StoreCommand command) => Change(command, standing => standing.Opened(), detail: null);

    public void Assign(StoreCommand command)
    {
        var assignee = string.IsNullOrWhiteSpace(command.Assignee) ? null : StoreText.Clean(command.Assignee, 320);
        Change(command, standing => standing with { Assignee = assignee }, assignee);
    }

    /// <summary>The issues that are as they were again.</summary>
    public List<(int Project, long Issue)> Restore(StoreCommand command)
    {
        if (command.Batch is not { Length: > 0 } batch)
            return [];
        var kept = session.Query(
            """
            SELECT u.command_id, u.issue_id, i.project_id, u.standing FROM undo u JOIN issues i ON i.id = u.issue_id AND i.changed_by = u.command_id
            WHERE u.batch = ?1
            """,
            row => (Command: row.GetString(0), Issue: row.GetInt64(1), Project: row.GetInt32(2), Standing: Standing.Read(row.GetString(3))), StoreText.Clean(batch, 100));
        foreach (var (changed, issue, _, standing) in kept)
        {
            Write(session, issue, standing, command: null);
            session.Execute("DELETE FROM undo WHERE command_id = ?1", changed);
            IssueHistory.Add(session, issue, command.At, CommandKind.Restore, command.By);
        }

        return [.. kept.Select(one => (one.Project, one.Issue))];
    }

    /// <summary>Opens an ignored issue that has met what it was ignored until. After its totals are worked out.</summary>
    public void Wake(long issue)
    {
        if (session.Scalar("SELECT 1 FROM issues WHERE id = ?1 AND state = 2 AND (count >= ignored_count OR users >= ignored_users)", issue) is null)
            return;
        var (count, users, at) = session.Query(
            "SELECT count, users, (SELECT max(last_received) FROM fingerprints WHERE issue_id = ?1) FROM issues WHERE id = ?1",
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), issue)[0];
        var standing = Read(session, issue)!;
        Wake(issue, standing, standing.Woken(count, users), at);
    }

    /// <summary>The same for time.</summary>
    public List<IssueChange> WakeDue(DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var due = session.Query(
            "SELECT project_id, id, ignored_until FROM issues INDEXED BY issues_ignored_until WHERE ignored_until <= ?1 ORDER BY ignored_until LIMIT 500",
            row => (Project: row.GetInt32(0), Issue: row.GetInt64(1), Until: row.GetInt64(2)), at);
        foreach (var (_, issue, until) in due)
            Wake(issue, Read(session, issue)!, $"until:{until}", at);
        return [.. due.Select(one => new IssueChange(one.Project, one.Issue, IsNew: false))];
    }

    private void Wake(long issue, Standing standing, string? reason, long at)
    {
        Write(session, issue, standing.Opened(), command: null);
        IssueHistory.Add(session, issue, at, "woken", by: null, reason);
    }

    private void Change(StoreCommand command, Func<Standing, Standing> change, string? detail)
    {
        var before = Read(session, command.IssueId)!;
        var id = StoreText.Clean(command.Id, 100);
        session.Execute(
            "INSERT INTO undo (command_id, issue_id, batch, at, standing) VALUES (?1, ?2, ?3, ?4, ?5)",
            id, command.IssueId, StoreText.Clean(command.Batch ?? command.Id, 100), command.At, before.Write());
        var after = change(before);
        Write(session, command.IssueId, after, id);
        IssueHistory.Add(session, command.IssueId, command.At, after.ResolvedNext && command.Kind == CommandKind.Resolve ? "resolve_next" : command.Kind, command.By, detail);
    }

    private static Standing Read(SqliteRow row) => new()
    {
        State = (IssueState)row.GetInt32(0),
        ResolvedAt = row.GetInt64OrNull(1),
        ResolvedIn = row.GetStringOrNull(2),
        ResolvedNext = row.GetInt64(3) != 0,
        Regressed = row.GetInt64(4) != 0,
        IgnoredUntil = row.GetInt64OrNull(5),
        IgnoredCount = row.GetInt64OrNull(6),
        IgnoredUsers = row.GetInt64OrNull(7),
        Assignee = row.GetStringOrNull(8),
    };
}

using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// One short step of retention, in a transaction of its own. The steps' order: what is deleted already, what is too old, what is
/// too many, what is too big. A step tells what went; when nothing did, all is done.
/// </summary>
internal sealed class Purge(SqliteSession session, RetentionPolicy policy, DateTimeOffset now)
{
    private const int StepRows = 500;

    private readonly long _cutoff = (now - policy.MaxAge).ToUnixTimeMilliseconds();

    public Purged Step()
    {
        if (Sweep() > 0)
            return new(0, 0, 0);
        if (OldSamples() is > 0 and var samples)
            return new(samples, 0, 0);
        if (OldHours() is > 0 and var hours)
            return new(0, hours, 0);
        if (TooMany() is > 0 and var surplus)
            return new(surplus, 0, 0);
        if (OfProjects() is > 0 and var own)
            return new(own, 0, 0);
        if (ReceiptShelf.Purge(session, policy, now) + ReceiptShelf.Merge(session) > 0)
            return new(0, 0, 0);
        if (OldOutcomes() + OldTallies() + ProjectFacetShelf.Purge(session, now, StepRows) + OldFeedback() + OldTombstones() + OldUndo() + EmptyIssues() > 0)
            return new(0, 0, 0);
        if (policy.MaxBytes > 0 && Bytes(session) > policy.MaxBytes && Evict("SELECT id FROM samples ORDER BY received_at LIMIT 200") is > 0 and var evicted)
            return new(evicted, 0, 0);
        IsDone = true;
        return new(0, 0, 0);
    }

    public bool IsDone { get; private set; }

    /// <summary>Bytes in use, without the pages that are free for re-use.</summary>
    public static long Bytes(SqliteSession session)
        => (session.Number("PRAGMA page_count") - session.Number("PRAGMA freelist_count")) * session.Number("PRAGMA page_size");

    private int Sweep()
    {
        var id = session.Scalar("SELECT fingerprint_id FROM garbage LIMIT 1");
        if (id is null)
            return 0;
        var gone = session.Execute(
            $"DELETE FROM hours WHERE (fingerprint_id, hour, environment) IN (SELECT fingerprint_id, hour, environment FROM hours WHERE fingerprint_id = ?1 LIMIT {StepRows})", id);
        gone += session.Execute(
            $"DELETE FROM facets WHERE (fingerprint_id, dimension, value) IN (SELECT fingerprint_id, dimension, value FROM facets WHERE fingerprint_id = ?1 LIMIT {StepRows})", id);
        gone += session.Execute(
            $"DELETE FROM users WHERE (fingerprint_id, user) IN (SELECT fingerprint_id, user FROM users WHERE fingerprint_id = ?1 LIMIT {StepRows})", id);
        gone += session.Execute(
            $"DELETE FROM fingerprint_releases WHERE (fingerprint_id, release) IN (SELECT fingerprint_id, release FROM fingerprint_releases WHERE fingerprint_id = ?1 LIMIT {StepRows})", id);
        gone += session.Execute("DELETE FROM user_sketches WHERE fingerprint_id = ?1", id);
        if (gone == 0)
            session.Execute("DELETE FROM garbage WHERE fingerprint_id = ?1", id);
        return gone + 1;
    }

    private int OldSamples() => Evict($"SELECT id FROM samples WHERE received_at < ?1 ORDER BY received_at LIMIT {StepRows}", _cutoff);

    private int OldHours() => session.Execute(
        $"""
        DELETE FROM hours WHERE (fingerprint_id, hour, environment) IN
            (SELECT fingerprint_id, hour, environment FROM hours WHERE hour < ?1 LIMIT {StepRows})
        """,
        _cutoff / 3_600_000);

    /// <summary>After a merge or a smaller limit an issue can have more samples than it may keep.</summary>
    private int TooMany()
    {
        var issue = session.Scalar(
            "SELECT issue_id FROM fingerprints INDEXED BY fingerprints_issue GROUP BY issue_id HAVING sum(samples) > ?1 LIMIT 1", policy.SamplesPerIssue);
        return issue is null ? 0 : Surplus((long)issue, policy.SamplesPerIssue);
    }

    private int Surplus(long issue, int most) => Evict(
        $"""
        SELECT id FROM samples WHERE fingerprint_id IN (SELECT id FROM fingerprints WHERE issue_id = ?1)
        ORDER BY row_number() OVER (PARTITION BY novelty ORDER BY received_at DESC) DESC, received_at
        LIMIT min({StepRows}, (SELECT sum(samples) FROM fingerprints WHERE issue_id = ?1) - ?2)
        """,
        issue, most);

    /// <summary>Projects that keep less than the installation.</summary>
    private int OfProjects()
    {
        foreach (var own in policy.Projects)
        {
            if (own.Days is { } days && OldOf(own.ProjectId, (now - TimeSpan.FromDays(days)).ToUnixTimeMilliseconds()) is > 0 and var old)
                return old;
            if (own.SamplesPerIssue is { } most && TooManyOf(own.ProjectId, most) is > 0 and var surplus)
                return surplus;
        }

        return 0;
    }

    private int OldOf(int project, long cutoff) =>
        Evict($"SELECT id FROM samples INDEXED BY samples_project_received WHERE project_id = ?1 AND received_at < ?2 ORDER BY received_at LIMIT {StepRows}", project, cutoff)
        + session.Execute($"DELETE FROM feedback WHERE (project_id, event_id, id) IN (SELECT project_id, event_id, id FROM feedback WHERE project_id = ?1 AND at < ?2 LIMIT {StepRows})", project, cutoff);

    private int TooManyOf(int project, int most)
    {
        var issue = session.Scalar(
            "SELECT id FROM issues INDEXED BY issues_project_last_seen WHERE project_id = ?1 AND (SELECT sum(samples) FROM fingerprints WHERE issue_id = issues.id) > ?2 LIMIT 1", project, most);
        return issue is null ? 0 : Surplus((long)issue, most);
    }

    private int Evict(string select, params ReadOnlySpan<object?> values)
    {
        var ids = session.Query(select, row => row.GetInt64(0), values);
        foreach (var id in ids)
        {
            session.Execute(
                "UPDATE fingerprints SET samples = samples - 1 WHERE id = (SELECT fingerprint_id FROM samples WHERE id = ?1)", id);
            session.Execute("DELETE FROM samples WHERE id = ?1", id);
        }

        return ids.Count;
    }

    private int OldOutcomes() => session.Execute(
        $"""
        DELETE FROM outcomes WHERE (minute, project_id, outcome) IN
            (SELECT minute, project_id, outcome FROM outcomes WHERE minute < ?1 LIMIT {StepRows})
        """,
        _cutoff / 60_000);

    private int OldTallies() => session.Execute(
        $"""
        DELETE FROM tallies WHERE (project_id, quarter, dimension, value) IN
            (SELECT project_id, quarter, dimension, value FROM tallies INDEXED BY tallies_largest WHERE quarter < ?1 LIMIT {StepRows})
        """,
        Tallies.QuarterOf(_cutoff));

    private int OldFeedback() => session.Execute(
        $"""
        DELETE FROM feedback WHERE (project_id, event_id, id) IN
            (SELECT project_id, event_id, id FROM feedback INDEXED BY feedback_at WHERE at < ?1 LIMIT {StepRows})
        """,
        _cutoff);

    /// <summary>What a command changed can be taken back for a day.</summary>
    private int OldUndo() => session.Execute(
        $"DELETE FROM undo WHERE command_id IN (SELECT command_id FROM undo INDEXED BY undo_at WHERE at < ?1 LIMIT {StepRows})", now.AddDays(-1).ToUnixTimeMilliseconds());

    /// <summary>A tombstone may go when it is old and every lane's cursor is past the delete: nothing from before can come any more.</summary>
    private int OldTombstones()
    {
        var slowest = session.Scalar("SELECT min(cursor) FROM lanes WHERE lane <> 'commands'") is string cursor
            ? StreamId.FromSortable(cursor).Ms : 0;
        return session.Execute(
            $"""
            DELETE FROM tombstones WHERE (project_id, version, fingerprint) IN
                (SELECT project_id, version, fingerprint FROM tombstones WHERE deleted_at < ?1 LIMIT {StepRows})
            """,
            Math.Min(_cutoff, (long)Math.Min(slowest, long.MaxValue)));
    }

    /// <summary>Closed issues of which nothing but totals is left.</summary>
    private int EmptyIssues()
    {
        var empty = session.Query(
            """
            SELECT id FROM issues INDEXED BY issues_last_seen WHERE last_seen < ?1 AND state <> 0
                AND NOT EXISTS (SELECT 1 FROM fingerprints f JOIN samples s ON s.fingerprint_id = f.id WHERE f.issue_id = issues.id)
                AND NOT EXISTS (SELECT 1 FROM fingerprints f JOIN hours h ON h.fingerprint_id = f.id WHERE f.issue_id = issues.id)
            LIMIT 100
            """,
            row => row.GetInt64(0), _cutoff);
        foreach (var issue in empty)
            IssueRemoval.Remove(session, issue);
        return empty.Count;
    }
}

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Which issue has which fingerprint. Every change is one move in the journal and can be taken back; counters stay with their fingerprints.
/// An issue that loses its last one leaves the list, and its number waits in moved_issues.
/// </summary>
internal sealed class IssueMap(SqliteSession session)
{
    private readonly HashSet<long> _touched = [];

    /// <summary>Issues of which anything changed, with what has to be worked out again done.</summary>
    public IReadOnlyCollection<long> Finish(int project)
    {
        var totals = new IssueTotals(session);
        var releases = new ReleaseBook(session);
        foreach (var issue in _touched.Where(IsLive))
        {
            totals.Derive(issue);
            SearchIndex.Write(session, issue);
            releases.Recheck(project, issue);
        }

        return _touched;
    }

    /// <summary>Everything that the sources have goes to the target. False where there was nothing to move.</summary>
    public bool Merge(int project, long target, IEnumerable<long> sources, long at, string what, string? by)
    {
        var from = sources.Distinct().Where(source => source != target && IsLive(project, source)).ToList();
        if (from.Count == 0 || !IsLive(project, target))
            return false;
        var move = Begin(project, at, what, by);
        foreach (var source in from)
        {
            foreach (var fingerprint in FingerprintsOf(source))
                Move(move, fingerprint, source, target);
            Retire(source, move);
            IssueHistory.Add(session, target, at, "merged", by, $"{source}");
        }

        return true;
    }

    /// <summary>Some fingerprints get an issue of their own; null where that would leave the old one empty, or nothing is to be moved.</summary>
    public long? Split(int project, long issue, IReadOnlyCollection<long> fingerprints, long at, string? by)
    {
        var mine = FingerprintsOf(issue);
        var going = mine.Intersect(fingerprints).ToList();
        if (going.Count == 0 || going.Count == mine.Count)
            return null;
        var move = Begin(project, at, "split", by);
        var created = IssueRows.Create(session, project, at);
        foreach (var fingerprint in going)
            Move(move, fingerprint, issue, created);
        IssueHistory.Add(session, issue, at, "split", by, $"{created}");
        IssueHistory.Add(session, created, at, "created", by, $"{issue}");
        return created;
    }

    /// <summary>Each fingerprint of a move goes back to where it was, or to whatever has that issue's others now.</summary>
    public bool Undo(int project, long undone, long at, string? by)
    {
        var known = session.Scalar("SELECT 1 FROM moves WHERE id = ?1 AND project_id = ?2 AND undone_by IS NULL", undone, project) is not null;
        var parts = !known ? [] : session.Query(
            "SELECT p.fingerprint_id, p.from_issue, f.issue_id FROM move_parts p JOIN fingerprints f ON f.id = p.fingerprint_id WHERE p.move_id = ?1",
            row => new Part(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), undone);
        if (parts.Count == 0)
            return false;
        var move = Begin(project, at, "undo", by);
        session.Execute("UPDATE moves SET undone_by = ?2 WHERE id = ?1", undone, move);
        foreach (var group in parts.GroupBy(part => part.From))
        {
            var home = Home(group.Key, undone);
            foreach (var part in group.Where(part => home is not null && part.Now != home))
                Move(move, part.Fingerprint, part.Now, home!.Value);
            if (home is { } back)
                IssueHistory.Add(session, back, at, "undo", by);
        }

        foreach (var left in parts.Select(part => part.Now).Distinct())
        {
            if (session.Scalar("SELECT 1 FROM fingerprints WHERE issue_id = ?1 LIMIT 1", left) is null)
                Retire(left, move);
            else
                IssueHistory.Add(session, left, at, "undo", by);
        }

        return true;
    }

    /// <summary>Where the fingerprints of an emptied issue are now: most of what its last move took.</summary>
    public static long? HolderOf(SqliteSession session, int project, long issue) => (long?)session.Scalar(
        """
        SELECT f.issue_id FROM moved_issues m
            JOIN move_parts p ON p.move_id = m.move_id AND p.from_issue = m.id
            JOIN fingerprints f ON f.id = p.fingerprint_id
        WHERE m.id = ?1 AND m.project_id = ?2 ORDER BY f.count DESC, f.id LIMIT 1
        """,
        issue, project);

    private long? Home(long from, long undone)
    {
        if (IsLive(from))
            return from;
        if (session.Scalar("SELECT 1 FROM moved_issues WHERE id = ?1 AND move_id = ?2", from, undone) is not null)
            return IssueRows.Revive(session, from);
        var project = session.Scalar("SELECT project_id FROM moved_issues WHERE id = ?1", from);
        return project is null ? null : HolderOf(session, (int)(long)project, from);
    }

    private long Begin(int project, long at, string what, string? by) => session.Number(
        "INSERT INTO moves (project_id, at, what, by) VALUES (?1, ?2, ?3, ?4) RETURNING id", project, at, what, StoreText.CleanOrNull(by, 200));

    private void Move(long move, long fingerprint, long from, long to)
    {
        // What drained before was measured against another issue's resolve.
        session.Execute("UPDATE fingerprints SET issue_id = ?2, drained = 0 WHERE id = ?1", fingerprint, to);
        session.Execute("INSERT INTO move_parts (move_id, fingerprint_id, from_issue, to_issue) VALUES (?1, ?2, ?3, ?4)", move, fingerprint, from, to);
        _touched.Add(from);
        _touched.Add(to);
    }

    private void Retire(long issue, long move)
    {
        _touched.Add(issue);
        IssueRows.Retire(session, issue, move);
    }

    private List<long> FingerprintsOf(long issue) =>
        session.Query("SELECT id FROM fingerprints WHERE issue_id = ?1 ORDER BY id", row => row.GetInt64(0), issue);

    private bool IsLive(int project, long issue) => session.Scalar("SELECT 1 FROM issues WHERE id = ?1 AND project_id = ?2", issue, project) is not null;

    private bool IsLive(long issue) => session.Scalar("SELECT 1 FROM issues WHERE id = ?1", issue) is not null;

    private sealed record Part(long Fingerprint, long From, long Now);
}

using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Which issue has which fingerprint. Every change is one move in the journal and can be taken back; counters stay with their fingerprints.
/// A change is named by its cause: who repeats it goes on with the same move, and what was moved by then is not moved again.
/// </summary>
internal sealed class IssueMap(ErrorCollections errors, string cause)
{
    private readonly FingerprintBook _fingerprints = new(errors);
    private readonly IssueBook _issues = new(errors);
    private readonly HashSet<long> _touched = [];

    /// <summary>Issues of which anything changed, with what has to be worked out again done.</summary>
    public IReadOnlyCollection<long> Finish(int project)
    {
        var releases = new ReleaseNames(errors, _fingerprints);
        foreach (var issue in _touched.Where(issue => IsLive(project, issue)))
        {
            _issues.Derive(issue, words: true);
            releases.Recheck(project, issue);
        }

        return _touched;
    }

    /// <summary>Everything that the sources have goes to the target.</summary>
    public void Merge(int project, long target, IEnumerable<long> sources, long at, string what, string? by)
    {
        var begun = Begun();
        var from = sources.Distinct().Where(source => source != target && (IsLive(project, source) || begun is not null)).ToList();
        if (from.Count == 0 || !IsLive(project, target))
            return;
        var move = begun ?? Begin(project, at, what, by);
        foreach (var source in from)
        {
            foreach (var fingerprint in _fingerprints.OfIssue(source))
                Move(move, fingerprint, source, target);
            _touched.Add(source);
            _touched.Add(target);
            _issues.Retire(source, move);
            _issues.Tell(target, $"{cause}:{source}", at, "merged", by, $"{source}");
        }
    }

    /// <summary>Some fingerprints get an issue of their own, unless that would leave the old one empty or nothing is to be moved.</summary>
    public void Split(int project, long issue, IReadOnlyCollection<long> fingerprints, long at, string? by)
    {
        var begun = Begun();
        var mine = _fingerprints.OfIssue(issue);
        var going = mine.Where(fingerprint => fingerprints.Contains(fingerprint.Number)).ToList();
        if (begun is null && (going.Count == 0 || going.Count == mine.Count))
            return;
        var move = begun ?? Begin(project, at, "split", by);
        // The number of the new issue is that of the move's first part, where one was moved before.
        var created = errors.MoveParts.Query(BsonQuery.Number("move", move), part => (long?)part["to"u8].Int64()).FirstOrDefault() ?? errors.Next("issues");
        foreach (var fingerprint in going)
            Move(move, fingerprint, issue, created);
        _touched.Add(issue);
        _touched.Add(created);
        _issues.Derive(created, words: true);
        _issues.Tell(issue, cause, at, "split", by, $"{created}");
        _issues.Tell(created, cause, at, "created", by, $"{issue}");
    }

    /// <summary>Each fingerprint of a move goes back to where it was, or to whatever has that issue's others now.</summary>
    public void Undo(int project, long undone, long at, string? by)
    {
        var begun = Begun();
        var known = errors.Moves.First(
            w =>
            {
                w.Int64("_id"u8, undone);
                w.Int32("project"u8, project);
            },
            found => new Undone(found.Int64OrNull("undoneBy"u8)));
        var parts = known is null || (known.By is { } other && other != begun) ? [] : errors.MoveParts
            .Query(BsonQuery.Number("move", undone), found => (Fingerprint: found["f"u8].Int64(), From: found["from"u8].Int64()))
            .Select(part => (Fingerprint: _fingerprints.Find(part.Fingerprint), part.From)).Where(part => part.Fingerprint is not null).ToList();
        if (parts.Count == 0)
            return;
        var move = begun ?? Begin(project, at, "undo", by);
        errors.Moves.Update(BsonQuery.Id(undone), w => w.Set(fields => fields.Int64("undoneBy"u8, move)));
        foreach (var group in parts.GroupBy(part => part.From))
        {
            if (Home(project, group.Key, undone) is not { } home)
                continue;
            foreach (var (fingerprint, _) in group.Where(part => part.Fingerprint!.Issue != home))
                Move(move, fingerprint!, fingerprint!.Issue, home);
            _issues.Tell(home, cause, at, "undo", by);
        }

        foreach (var left in parts.Select(part => part.Fingerprint!.Issue).Distinct())
        {
            _touched.Add(left);
            if (_fingerprints.OfIssue(left).Count == 0)
                _issues.Retire(left, move);
            else
                _issues.Tell(left, cause, at, "undo", by);
        }
    }

    /// <summary>Where the fingerprints of an emptied issue are now: most of what its last move took.</summary>
    public static long? HolderOf(ErrorCollections errors, int project, long issue)
    {
        var move = errors.MovedIssues.Query(
            w =>
            {
                w.Int64("_id"u8, issue);
                w.Int32("project"u8, project);
            },
            found => (long?)found["move"u8].Int64()).FirstOrDefault();
        if (move is null)
            return null;
        var parts = errors.MoveParts.Query(
            w =>
            {
                w.Int64("move"u8, move.Value);
                w.Int64("from"u8, issue);
            },
            found => found["f"u8].Int64());
        return errors.Fingerprints.Query(w => w.In("n"u8, parts), FingerprintDocument.Read)
            .OrderByDescending(fingerprint => fingerprint.Count).ThenBy(fingerprint => fingerprint.Number).FirstOrDefault()?.Issue;
    }

    private long? Home(int project, long from, long undone)
    {
        if (_issues.Has(from))
            return from;
        if (errors.MovedIssues.Count(
            w =>
            {
                w.Int64("_id"u8, from);
                w.Int64("move"u8, undone);
            },
            1) == 0)
            return HolderOf(errors, project, from);
        _issues.Revive(from);
        return from;
    }

    private long? Begun() => errors.Moves.Query(w => w.String("cause"u8, cause), found => (long?)found["_id"u8].Int64()).FirstOrDefault();

    private long Begin(int project, long at, string what, string? by)
    {
        var move = errors.Next("moves");
        errors.Moves.Insert(w =>
        {
            w.Int64("_id"u8, move);
            w.String("cause"u8, cause);
            w.Int32("project"u8, project);
            w.Int64("at"u8, at);
            w.String("what"u8, what);
            w.StringOrNull("by"u8, StoreText.CleanOrNull(by, 200));
        });
        return move;
    }

    private void Move(long move, FingerprintDocument fingerprint, long from, long to)
    {
        errors.MoveParts.Insert(w =>
        {
            w.String("_id"u8, $"{move}:{fingerprint.Number}");
            w.Int64("move"u8, move);
            w.Int64("f"u8, fingerprint.Number);
            w.Int64("from"u8, from);
            w.Int64("to"u8, to);
        });
        // What drained before was measured against another issue's resolve.
        errors.Fingerprints.Update(BsonQuery.Number("n", fingerprint.Number), w => w.Set(fields =>
        {
            fields.Int64("issue"u8, to);
            fields.Int64("drained"u8, 0);
        }));
        _touched.Add(from);
        _touched.Add(to);
    }

    private bool IsLive(int project, long issue) => errors.Issues.Count(
        w =>
        {
            w.Int64("_id"u8, issue);
            w.Int32("project"u8, project);
        },
        1) > 0;

    private sealed record Undone(long? By);
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;
using Microsoft.Data.Sqlite;

namespace ErrorPipeline.Shared.Storage.Sqlite;

/// <summary>
/// Applies entries inside the transaction that moves the lane's cursor. Nearly always all deltas can be stored; only once one could not is
/// the transaction done again <paramref name="singly"/>, each in a savepoint of its own, for which SQLite copies every page that it touches.
/// </summary>
/// <param name="singly">Without it a delta that cannot be stored ends the transaction with <see cref="UnstorableDeltaException"/>.</param>
internal sealed class DeltaApplier(SqliteSession session, SqliteErrorStoreOptions options, bool singly)
{
    private const long MinuteMs = 60_000;

    /// <summary>Refused deltas of one call that are poison at most; beyond, and beyond a hundredth, something else is broken.</summary>
    private const int MostRefused = 20;

    private readonly FingerprintCounters _counters = new(session, options);
    private readonly AliasBook _aliases = new(session);
    private readonly ReleaseBook _releases = new(session);
    private readonly IssueTotals _totals = new(session);
    private readonly ClientCounter _clients = new(session);
    private readonly TallyCounter _tallies = new(session);
    private readonly ReceiptShelf _receipts = new(session);
    private readonly FeedbackShelf _feedback = new(session);
    private readonly List<IssueDelta> _counted = [];
    private readonly Dictionary<long, IssueChange> _changed = [];
    private readonly Dictionary<(int Project, long Minute, string Outcome), long> _outcomes = [];
    private readonly List<RefusedDelta> _refused = [];

    public Applied Apply(string lane, IReadOnlyList<LaneEntry> entries)
    {
        foreach (var entry in entries)
        {
            foreach (var delta in entry.Batch.Issues)
                ApplyOrRefuse(lane, entry.Id, delta);
            foreach (var outcome in entry.Batch.Outcomes.Where(outcome => !_tallies.Add(outcome)))
                Count(outcome.ProjectId, outcome.Minute, outcome.Outcome, outcome.Count);
            foreach (var fate in entry.Batch.Fates ?? [])
                _receipts.Ended(fate?.Ids, fate?.Outcome ?? "");
        }

        var deltas = entries.Sum(entry => entry.Batch.Issues.Count);
        if (_refused.Count > Math.Max(MostRefused, deltas / 100))
            throw new StoreUnavailableException($"{_refused.Count} of {deltas} deltas would be refused, the last because {_refused[^1].Reason}: that is an outage, not poison; nothing is lost, it is tried again");

        // Deltas of one call often meet in an issue: its totals are worked out once.
        foreach (var issue in _changed.Keys)
            _totals.Derive(issue);
        WriteOutcomes();
        _clients.Write();
        _tallies.Write();
        new ProjectFacetShelf(session).Write(ProjectWeeks.Fold(_counted));
        _feedback.Settle(_receipts);
        _receipts.Write((long)entries[^1].Id.Ms);
        return new([.. _changed.Values], _refused);
    }

    private void ApplyOrRefuse(string lane, StreamId entry, IssueDelta delta)
    {
        var reason = DeltaRules.WhyNever(delta) ?? Try(delta);
        var minute = delta.LastReceived / MinuteMs;
        if (reason is null)
        {
            Count(delta.ProjectId, minute, Outcome.Stored, delta.Count);
            return;
        }

        Count(delta.ProjectId, minute, Outcome.Dead, delta.Count);
        _receipts.Ended(delta.EventIds, Outcome.Dead);
        _refused.Add(new(entry, delta, reason));
        session.Execute(
            "INSERT INTO refused (lane, entry, delta, reason) VALUES (?1, ?2, ?3, ?4)",
            lane, entry.ToSortable(), StoredJson.WriteDelta(delta), StoreText.Clean(reason, 1000));
    }

    /// <summary>Why it cannot be stored; null where it was.</summary>
    private string? Try(IssueDelta delta)
    {
        if (singly)
            session.Execute("SAVEPOINT delta");
        try
        {
            var change = ApplyOne(delta, out var fingerprint);
            if (singly)
                session.Execute("RELEASE delta");
            _receipts.Stored(delta.EventIds, fingerprint);
            if (change is not null)
                Note(delta, change);
            return null;
        }
        catch (Exception failure) when (failure is SqliteException sqlite ? SqliteFailure.BlamesTheValue(sqlite) : failure is not OutOfMemoryException)
        {
            if (!singly)
                throw new UnstorableDeltaException(failure);
            // Trying the same delta again would end the same way, and hold up everything behind it.
            session.Execute("ROLLBACK TO delta");
            session.Execute("RELEASE delta");
            return failure.Message;
        }
    }

    private void Note(IssueDelta delta, IssueChange change)
    {
        _clients.Add(delta, change.IssueId);
        _tallies.Add(delta);
        _counted.Add(delta);
        _changed[change.IssueId] = change with { IsNew = change.IsNew || (_changed.GetValueOrDefault(change.IssueId)?.IsNew ?? false) };
    }

    /// <summary>Null where it belongs to no issue of its own, or a tombstone swallowed it.</summary>
    /// <param name="row">Of the fingerprint that counts it; 0 where none does.</param>
    private IssueChange? ApplyOne(IssueDelta delta, out long row)
    {
        row = 0;
        if (delta.Feedback is { } feedback)
        {
            _feedback.Add(delta.ProjectId, feedback);
            return null;
        }

        var key = FingerprintKey.Of(delta);
        if (delta.LastReceived <= _aliases.DeletedAt(key) && Guard.Holds(Guard.Tombstone))
            return null;

        var known = _counters.Find(key);
        var joined = known is null ? _aliases.FindIssue(key, delta.Grouping) : null;
        var isNew = known is null && joined is null;
        if (isNew && delta.LastReceived <= _aliases.DeletedAt(delta.ProjectId, delta.Grouping) && Guard.Holds(Guard.Tombstone))
            return null;
        var fingerprint = known ?? _counters.Create(key, delta, joined ?? CreateIssue(delta));
        row = fingerprint.Id;
        if (joined is { } issue)
            IssueHistory.Add(session, issue, delta.LastReceived, "joined", by: null, key.Fingerprint);
        var releases = DeltaReleases.Of(delta);
        _releases.Count(delta.ProjectId, fingerprint.Id, releases);
        if (!isNew)
            _releases.Judge(delta.ProjectId, fingerprint.IssueId, fingerprint.Id, releases);
        _aliases.Add(fingerprint.Id, delta.ProjectId, delta.Grouping);
        if (_counters.Add(fingerprint, delta, known is null))
            SearchIndex.Write(session, fingerprint.IssueId);
        return new(delta.ProjectId, fingerprint.IssueId, isNew);
    }

    private long CreateIssue(IssueDelta delta)
    {
        var issue = IssueRows.Create(session, delta.ProjectId, delta.FirstSeen);
        IssueHistory.Add(session, issue, delta.LastReceived, "created", by: null);
        return issue;
    }

    private void Count(int project, long minute, string outcome, long count)
    {
        var key = (project, minute, StoreText.Clean(outcome, 200));
        _outcomes[key] = _outcomes.GetValueOrDefault(key) + count;
    }

    private void WriteOutcomes()
    {
        foreach (var ((project, minute, outcome), count) in _outcomes)
            session.Execute(
                """
                INSERT INTO outcomes (minute, project_id, outcome, count) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT DO UPDATE SET count = count + excluded.count
                """,
                minute, project, outcome, count);
    }
}

/// <summary>A delta cannot be stored, and took the transaction with it.</summary>
internal sealed class UnstorableDeltaException(Exception why) : Exception(why.Message, why);

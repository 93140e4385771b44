using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Applies entries of a lane, one after the other. Of each: first the places of what it counts, with nothing in them; then the counts, guarded;
/// last what people see, worked out from the counts. Stopped anywhere and repeated, by whomever, it comes to the same.
/// </summary>
/// <param name="careful">Entries may have been applied in part.</param>
internal sealed class DeltaApplier(ErrorCollections errors, MongoErrorStoreOptions options, string lane, bool careful)
{
    private const long MinuteMs = 60_000;

    /// <summary>Refused deltas of one call that are poison at most; beyond, and beyond a hundredth, something else is broken.</summary>
    private const int MostRefused = 20;

    private readonly ReceiptBook _receipts = new(errors);
    private readonly IssueBook _issues = new(errors);
    private readonly FeedbackBook _feedback = new(errors);
    private readonly Dictionary<long, (IssueChange Change, bool Words)> _changed = [];
    private readonly List<RefusedDelta> _refused = [];

    public Applied Apply(IReadOnlyList<LaneEntry> entries)
    {
        foreach (var entry in entries)
        {
            foreach (var delta in entry.Batch.Issues)
            {
                if (DeltaRules.WhyNever(delta) is { } reason)
                    _refused.Add(new(entry.Id, delta, reason));
            }
        }

        var deltas = entries.Sum(entry => entry.Batch.Issues.Count);
        if (_refused.Count > Math.Max(MostRefused, deltas / 100))
            throw new StoreUnavailableException($"{_refused.Count} of {deltas} deltas would be refused, the last because {_refused[^1].Reason}: that is an outage, not poison; nothing is lost, it is tried again");

        foreach (var entry in entries)
            Apply(entry);
        // Deltas of one call often meet in an issue: its totals are worked out once.
        foreach (var (issue, (_, words)) in _changed)
            _issues.Derive(issue, words);
        _feedback.Settle(_receipts);
        return new([.. _changed.Values.Select(changed => changed.Change)], _refused);
    }

    private void Apply(LaneEntry entry)
    {
        var counts = new GuardedCounts(lane, entry.Id);
        var counter = new DeltaCounter(errors, options, careful);
        List<CountedDelta> counted = [];
        foreach (var delta in entry.Batch.Issues)
        {
            var refused = _refused.Exists(one => ReferenceEquals(one.Delta, delta));
            Count(counts, delta.ProjectId, delta.LastReceived / MinuteMs, refused ? Outcome.Dead : Outcome.Stored, delta.Count);
            if (refused)
            {
                _receipts.Ended(delta.EventIds, Outcome.Dead);
                continue;
            }

            var one = Find(delta, $"{lane}:{entry.Id}");
            _receipts.Stored(delta.EventIds, one?.Fingerprint.Number ?? 0);
            if (one is null)
                continue;
            counter.Count(counts, one);
            counted.Add(one);
        }

        new TallyBook(errors).Count(counts, counted.Select(one => one.Delta));

        foreach (var outcome in entry.Batch.Outcomes)
            Count(counts, outcome.ProjectId, outcome.Minute, outcome.Outcome, outcome.Count);
        foreach (var fate in entry.Batch.Fates ?? [])
            _receipts.Ended(fate?.Ids, fate?.Outcome ?? "");
        counts.Apply(errors.Session);
        counted.ForEach(one => Show(counter, one));
        KeepRefused(entry.Id);
        _receipts.Write(lane, entry.Id);
    }

    /// <summary>Null where it belongs to no issue of its own, or a tombstone swallowed it.</summary>
    private CountedDelta? Find(IssueDelta delta, string cause)
    {
        if (delta.Feedback is { } feedback)
        {
            _feedback.Add(delta.ProjectId, feedback, _receipts);
            return null;
        }

        var fingerprints = new FingerprintBook(errors);
        var names = new AliasNames(errors, fingerprints);
        var key = FingerprintKey.Of(delta);
        if (delta.LastReceived <= names.DeletedAt(key) && Guard.Holds(Guard.Tombstone))
            return null;
        var known = fingerprints.Find(key);
        var joined = known is null ? names.FindIssue(key, delta.Grouping) : null;
        var isNew = known is null && joined is null;
        if (isNew && delta.LastReceived <= names.DeletedAt(delta.ProjectId, delta.Grouping))
            return null;
        if (known is null)
        {
            var number = errors.Next("fingerprints");
            var issue = joined ?? errors.Next("issues");
            // History first: who repeats this finds the fingerprint, and would not come here again.
            if (joined is null)
                _issues.Tell(issue, cause, delta.LastReceived, "created", by: null);
            else
                _issues.Tell(issue, $"joined:{number}", delta.LastReceived, "joined", by: null, key.Fingerprint);
            known = fingerprints.Create(key, delta, number, issue);
        }

        names.Add(known.Number, delta.ProjectId, delta.Grouping);
        return new(delta, known, isNew);
    }

    private void Show(DeltaCounter counter, CountedDelta counted)
    {
        var words = counter.Show(counted);
        var change = new IssueChange(counted.Delta.ProjectId, counted.Fingerprint.Issue, counted.IsNew);
        if (_changed.TryGetValue(change.IssueId, out var known))
            (change, words) = (change with { IsNew = change.IsNew || known.Change.IsNew }, words || known.Words);
        _changed[change.IssueId] = (change, words || careful);
    }

    private void KeepRefused(StreamId entry)
    {
        var index = 0;
        foreach (var refused in _refused.Where(refused => refused.Entry == entry))
        {
            var order = errors.Next("refused");
            errors.Refused.Insert(w =>
            {
                w.String("_id"u8, $"{lane}:{entry.ToSortable()}:{index}");
                w.Int64("order"u8, order);
                w.String("lane"u8, lane);
                w.String("entry"u8, entry.ToSortable());
                w.Binary("delta"u8, StoredJson.WriteDelta(refused.Delta));
                w.String("reason"u8, StoreText.Clean(refused.Reason, 1000));
            });
            index++;
        }
    }

    private static void Count(GuardedCounts counts, int project, long minute, string outcome, long count)
    {
        var name = StoreText.Clean(outcome, 200);
        counts.Of(ErrorCollections.OutcomesName, $"{minute}:{project}:{name}", w =>
        {
            w.Int64("minute"u8, minute);
            w.Int32("project"u8, project);
            w.String("outcome"u8, name);
        }).Add("count", count);
    }
}

/// <summary>A delta, and the fingerprint that counts it.</summary>
internal sealed record CountedDelta(IssueDelta Delta, FingerprintDocument Fingerprint, bool IsNew)
{
    /// <summary>It was seen in an environment that it was not seen in before.</summary>
    public bool NewEnvironment { get; set; }
}

using ErrorPipeline.Shared.Contracts;
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
        _issues.Derive(_changed.ToDictionary(changed => changed.Key, changed => changed.Value.Words));
        new IssueStandings(errors).Wake(_changed.Keys);
        _feedback.Settle(_receipts);
        return new([.. _changed.Values.Select(changed => changed.Change)], _refused);
    }

    private void Apply(LaneEntry entry)
    {
        var counts = new GuardedCounts(lane, entry.Id);
        var counter = new DeltaCounter(errors, options, careful);
        List<IssueDelta> deltas = [];
        foreach (var delta in entry.Batch.Issues)
        {
            var refused = _refused.Exists(one => ReferenceEquals(one.Delta, delta));
            Count(counts, delta.ProjectId, delta.LastReceived / MinuteMs, refused ? Outcome.Dead : Outcome.Stored, delta.Count);
            if (refused)
                _receipts.Ended(delta.EventIds, Outcome.Dead);
            else if (delta.Feedback is { } said)
                Hear(delta, said);
            else
                deltas.Add(delta);
        }

        var found = new DeltaFinding(errors, $"{lane}:{entry.Id}").Find(deltas);
        foreach (var (delta, one) in deltas.Zip(found))
            _receipts.Stored(delta.EventIds, one?.Fingerprint.Number ?? 0);
        List<CountedDelta> counted = [.. found.OfType<CountedDelta>()];
        counter.Count(counts, counted);
        new TallyBook(errors).Count(counts, counted.Select(one => one.Delta));
        foreach (var outcome in entry.Batch.Outcomes)
            Count(counts, outcome.ProjectId, outcome.Minute, outcome.Outcome, outcome.Count);
        foreach (var fate in entry.Batch.Fates ?? [])
            _receipts.Ended(fate?.Ids, fate?.Outcome ?? "");
        new ProjectFacetBook(errors).Count(counts, ProjectWeeks.Fold(counted.Select(one => one.Delta)));
        counts.Apply(errors.Session);
        var spoken = counter.Show(counted);
        counted.ForEach(one => Note(one, spoken));
        KeepRefused(entry.Id);
        _receipts.Write(lane, entry.Id);
    }

    private void Hear(IssueDelta delta, IReadOnlyList<EventFeedback> said)
    {
        _feedback.Add(delta.ProjectId, said, _receipts);
        _receipts.Stored(delta.EventIds, 0);
    }

    private void Note(CountedDelta one, HashSet<long> spoken)
    {
        var change = new IssueChange(one.Delta.ProjectId, one.Fingerprint.Issue, one.IsNew);
        var words = careful || spoken.Contains(change.IssueId);
        if (_changed.TryGetValue(change.IssueId, out var known))
            (change, words) = (change with { IsNew = change.IsNew || known.Change.IsNew }, words || known.Words);
        _changed[change.IssueId] = (change, words);
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

    internal static string OutcomeId(int project, long minute, string outcome) => $"{minute}:{project}:{outcome}";

    private static void Count(GuardedCounts counts, int project, long minute, string outcome, long count)
    {
        var name = StoreText.Clean(outcome, 200);
        counts.Of(ErrorCollections.OutcomesName, OutcomeId(project, minute, name), w =>
        {
            w.Int64("minute"u8, minute);
            w.Int32("project"u8, project);
            w.String("outcome"u8, name);
        }).Add("count", count);
    }
}

/// <summary>A delta, and the fingerprint that counts it.</summary>
internal sealed class CountedDelta(IssueDelta delta, FingerprintDocument fingerprint, bool isNew)
{
    public IssueDelta Delta => delta;

    public FingerprintDocument Fingerprint => fingerprint;

    /// <summary>It made the issue.</summary>
    public bool IsNew => isNew;
}

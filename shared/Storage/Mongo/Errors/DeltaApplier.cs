using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Applies entries of a lane together, so that each document is written once for all of them. First the places of what they count, with nothing in
/// them; then the counts, guarded; last what people see, worked out from the counts. Stopped anywhere and repeated, by whomever, it comes to the same.
/// </summary>
internal sealed class DeltaApplier(ErrorCollections errors, MongoErrorStoreOptions options, string lane, Begun begun)
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

        Count(entries);
        _issues.Derive(_changed.ToDictionary(changed => changed.Key, changed => changed.Value.Words));
        new IssueStandings(errors).Wake(_changed.Keys);
        _feedback.Settle(_receipts);
        return new([.. _changed.Values.Select(changed => changed.Change)], _refused);
    }

    private void Count(IReadOnlyList<LaneEntry> entries)
    {
        var counts = new GuardedCounts(lane, begun.Last);
        var counter = new DeltaCounter(errors, options, begun.IsRepeated);
        var refused = _refused.Select(one => one.Delta).ToHashSet(ReferenceEqualityComparer.Instance);
        List<IssueDelta> deltas = [];
        foreach (var delta in entries.SelectMany(entry => entry.Batch.Issues))
        {
            var isRefused = refused.Contains(delta);
            Count(counts, delta.ProjectId, delta.LastReceived / MinuteMs, isRefused ? Outcome.Dead : Outcome.Stored, delta.Count);
            if (isRefused)
                _receipts.Ended(delta.EventIds, Outcome.Dead);
            else if (delta.Feedback is { } said)
                Hear(delta, said);
            else
                deltas.Add(delta);
        }

        var found = new DeltaFinding(errors, $"{lane}:{begun.Last}").Find(deltas);
        foreach (var (delta, one) in deltas.Zip(found))
            _receipts.Stored(delta.EventIds, one?.Fingerprint.Number ?? 0);
        List<CountedDelta> counted = [.. found.OfType<CountedDelta>()];
        counter.Count(counts, counted);
        var sessions = entries.SelectMany(entry => entry.Batch.Outcomes).ToLookup(outcome => SessionOutcome.Read(outcome.Outcome) is not null);
        new TallyBook(errors).Count(counts, [.. counted.SelectMany(one => Tallies.Of(one.Delta)), .. sessions[true].SelectMany(Tallies.Of)]);
        foreach (var outcome in sessions[false])
            Count(counts, outcome.ProjectId, outcome.Minute, outcome.Outcome, outcome.Count);
        foreach (var fate in entries.SelectMany(entry => entry.Batch.Fates ?? []))
            _receipts.Ended(fate?.Ids, fate?.Outcome ?? "");
        new ProjectFacetBook(errors).Count(counts, ProjectWeeks.Fold(counted.Select(one => one.Delta)));
        counts.Apply(errors.Session);
        var spoken = counter.Show(counted);
        counted.ForEach(one => Note(one, spoken));
        KeepRefused();
        _receipts.Write(lane, begun.Last);
    }

    private void Hear(IssueDelta delta, IReadOnlyList<EventFeedback> said)
    {
        _feedback.Add(delta.ProjectId, said, _receipts);
        _receipts.Stored(delta.EventIds, 0);
    }

    private void Note(CountedDelta one, HashSet<long> spoken)
    {
        var change = new IssueChange(one.Delta.ProjectId, one.Fingerprint.Issue, one.IsNew);
        var words = begun.IsRepeated || spoken.Contains(change.IssueId);
        if (_changed.TryGetValue(change.IssueId, out var known))
            (change, words) = (change with { IsNew = change.IsNew || known.Change.IsNew }, words || known.Words);
        _changed[change.IssueId] = (change, words);
    }

    private void KeepRefused()
    {
        foreach (var (refused, index) in _refused.GroupBy(refused => refused.Entry).SelectMany(entry => entry.Select((refused, index) => (refused, index))))
        {
            var order = errors.Next("refused");
            errors.Refused.Insert(w =>
            {
                w.String("_id"u8, $"{lane}:{refused.Entry.ToSortable()}:{index}");
                w.Int64("order"u8, order);
                w.String("lane"u8, lane);
                w.String("entry"u8, refused.Entry.ToSortable());
                w.Binary("delta"u8, StoredJson.WriteDelta(refused.Delta));
                w.String("reason"u8, StoreText.Clean(refused.Reason, 1000));
            });
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

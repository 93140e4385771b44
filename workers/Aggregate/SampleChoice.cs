using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Aggregate;

/// <summary>
/// Chooses the few events of a delta that are kept whole: one of each novelty key first, then the newest.
/// Depends on the set of events alone, not on their order.
/// </summary>
internal sealed class SampleChoice
{
    public const int Max = 5;

    private readonly Dictionary<string, Candidate> _newest = [];
    private readonly List<Candidate> _others = [];

    public void Add(NormalizedError error, NormalizedOccurrence occurrence, string noveltyKey)
    {
        var candidate = new Candidate(error, occurrence, noveltyKey);
        if (!_newest.TryGetValue(noveltyKey, out var best))
            _newest[noveltyKey] = candidate;
        else if (candidate.CompareTo(best) < 0)
            (_newest[noveltyKey], candidate) = (candidate, best);

        if (best is not null)
            KeepAmongOthers(candidate);
    }

    public IReadOnlyList<EventSample> Choose()
    {
        _others.Sort();
        return [.. _newest.Values.Order().Concat(_others).Take(Max).Select(c => c.ToSample())];
    }

    /// <summary>Only the best few can be chosen, so no more are kept.</summary>
    private void KeepAmongOthers(Candidate candidate)
    {
        _others.Add(candidate);
        if (_others.Count < 4 * Max)
            return;
        _others.Sort();
        _others.RemoveRange(Max, _others.Count - Max);
    }

    /// <summary>Better ones first: an event whose context is its own before one that was folded, then the newest.</summary>
    private sealed record Candidate(NormalizedError Error, NormalizedOccurrence Occurrence, string NoveltyKey) : IComparable<Candidate>
    {
        private bool IsWhole => ReferenceEquals(Error.Occurrences[0], Occurrence);

        public int CompareTo(Candidate? other) =>
            other is null ? -1
            : IsWhole != other.IsWhole ? (IsWhole ? -1 : 1)
            : Newest.Compare(other.Occurrence, Occurrence);

        public EventSample ToSample() => new(Occurrence, Error.Error, IsWhole ? Error.Context : Error.Context.WithoutVisitor(), NoveltyKey);
    }
}

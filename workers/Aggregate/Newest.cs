using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Aggregate;

/// <summary>A total order of events by arrival, so that "the newest" is the same event in every order of a batch.</summary>
internal static class Newest
{
    /// <summary>Positive where <paramref name="a"/> is newer.</summary>
    public static int Compare(NormalizedOccurrence a, NormalizedOccurrence b)
    {
        var byArrival = a.ReceivedAt.CompareTo(b.ReceivedAt);
        if (byArrival != 0)
            return byArrival;
        var byTime = a.At.CompareTo(b.At);
        return byTime != 0 ? byTime : string.CompareOrdinal(a.EventId, b.EventId);
    }
}

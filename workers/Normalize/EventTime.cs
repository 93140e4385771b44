using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>When an event happened, by a clock that may be wrong. All in ms since 1970 UTC.</summary>
internal static class EventTime
{
    private const long OldestDays = 30;

    /// <summary>Clocks that were never set say 1970.</summary>
    private const long MostSkew = 100L * 365 * 86_400_000;

    private static readonly long Oldest = (long)TimeSpan.FromDays(OldestDays).TotalMilliseconds;
    private static readonly long Newest = (long)TimeSpan.FromMinutes(1).TotalMilliseconds;

    /// <summary>
    /// The client's time, moved by what its clock was off when it sent, and held within what the server believes: 30 days before to one minute after
    /// <paramref name="receivedAt"/>. That itself where the client told no time.
    /// </summary>
    public static long Correct(long? timestamp, long? sentAt, long receivedAt)
    {
        if (timestamp is not { } told)
            return receivedAt;
        return (long)Math.Clamp((decimal)told + Skew(sentAt, receivedAt), receivedAt - Oldest, receivedAt + Newest);
    }

    /// <summary>What the client's clock was off when it sent; 0 where it does not tell, or tells nonsense.</summary>
    public static long Skew(long? sentAt, long receivedAt) => sentAt is { } sent && Math.Abs((decimal)receivedAt - sent) < MostSkew ? receivedAt - sent : 0;

    /// <summary>
    /// A collector's clock may be wrong too: nothing has happened later than a minute from <paramref name="now"/>. When it was received stays as
    /// the collector says, because that orders events and changes of an issue among each other.
    /// </summary>
    public static NormalizedError HoldToNow(NormalizedError error, DateTimeOffset now)
    {
        var latest = now.ToUnixTimeMilliseconds() + Newest;
        return error.Occurrences.All(o => o.At <= latest)
            ? error
            : error with { Occurrences = [.. error.Occurrences.Select(o => o with { At = Math.Min(o.At, latest) })] };
    }
}

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// How long a loop waits before it takes its next batch: the faster events come, the longer. A batch costs its round trips whatever is in it, and
/// equal events of one batch become one, while at a trickle nobody should wait. Not thread-safe: one per loop.
/// </summary>
/// <param name="least">At a trickle.</param>
/// <param name="most">From <see cref="FullRate"/> on.</param>
public sealed class Gathering(TimeSpan least, TimeSpan most, TimeProvider time)
{
    /// <summary>Events a second from which the wait is the longest.</summary>
    public const double FullRate = 100;

    private long _last = time.GetTimestamp();

    /// <summary>Call after every batch.</summary>
    /// <param name="events">What the batch held: all that came since the one before.</param>
    public TimeSpan After(long events)
    {
        var now = time.GetTimestamp();
        var seconds = Math.Max(1e-3, time.GetElapsedTime(_last, now).TotalSeconds);
        _last = now;
        return least + ((most - least) * Math.Min(1, events / seconds / FullRate));
    }
}

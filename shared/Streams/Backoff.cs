using System.Numerics;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// How long to wait after the nth failure in a row: doubling from <paramref name="first"/> to <paramref name="longest"/>, with jitter so that
/// many processes do not come back at once. Not thread-safe: one per loop.
/// </summary>
public sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    public Backoff() : this(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), Random.Shared)
    {
    }

    public int Failures { get; private set; }

    /// <summary>True at failures 1, 2, 4, 8 ...: an outage is told, but does not flood the log.</summary>
    public bool IsWorthLogging => BitOperations.IsPow2(Failures);

    /// <summary>Counts one failure and says how long to wait before the next try.</summary>
    public TimeSpan Next()
    {
        Failures++;
        var doubled = first * Math.Pow(2, Math.Min(Failures - 1, 30));
        var bounded = doubled < longest ? doubled : longest;
        return bounded * (0.5 + random.NextDouble() / 2);
    }

    /// <summary>Call on success. True where that ended a row of failures.</summary>
    public bool Reset()
    {
        var failed = Failures > 0;
        Failures = 0;
        return failed;
    }
}

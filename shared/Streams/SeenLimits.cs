namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// How long and how many event ids a lane remembers: two generations that take turns, written only by the hop of dedupe. One takes what comes
/// until it is full or old; then the other is forgotten and takes over. So at least what is said here is remembered, and at most twice as much and a batch.
/// </summary>
/// <param name="Window">Re-sends are recognized for at least this long ...</param>
/// <param name="Budget">... unless more events than this came meanwhile. About 10 bytes of Redis memory each.</param>
public sealed record SeenLimits(TimeSpan Window, long Budget)
{
    public static SeenLimits Default { get; } = new(TimeSpan.FromHours(24), 2_000_000);
}

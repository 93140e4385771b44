using System.Collections.Concurrent;

namespace ErrorPipeline.Web.Live;

/// <summary>
/// What was read from the store, shared for a moment: when an error storm makes a hundred open pages ask for the same, the store is asked
/// once. Short enough that nobody sees it, and never older than the last change that pages were told of.
/// </summary>
internal sealed class SharedReads<TKey, TValue>(LiveFeed feed, TimeProvider clock)
    where TKey : notnull
{
    private const int MostKept = 200;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(400);

    private readonly ConcurrentDictionary<TKey, Kept> _kept = new();

    /// <param name="read">Is not bound to this request: others may be waiting for it too.</param>
    public async Task<TValue> GetAsync(TKey key, Func<DateTimeOffset, Task<TValue>> read, CancellationToken cancel)
    {
        var kept = KeptOf(key, read);
        try
        {
            return await kept.Value.WaitAsync(cancel);
        }
        catch when (kept.Value.IsFaulted)
        {
            _kept.TryRemove(KeyValuePair.Create(key, kept));
            throw;
        }
    }

    private Kept KeptOf(TKey key, Func<DateTimeOffset, Task<TValue>> read)
    {
        var (now, version) = (clock.GetUtcNow(), feed.Version);
        if (_kept.TryGetValue(key, out var kept) && kept.Version == version && now - kept.At < Fresh)
            return kept;
        if (_kept.Count >= MostKept)
            _kept.Clear();
        return _kept[key] = new(now, version, read(now));
    }

    private sealed record Kept(DateTimeOffset At, long Version, Task<TValue> Value);
}

using System.Collections.Concurrent;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SigningIn;

/// <summary>
/// The security stamps of those who are here now, read at most every two seconds each: hundreds of open dashboards ask once a second.
/// A change in this process is known at once, one in another process when the time is over.
/// </summary>
internal sealed class Stamps(IConfigStore store, TimeProvider clock)
{
    private const int MostKept = 1_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, (string? Stamp, DateTimeOffset At)> _kept = new();

    /// <summary>Null where there is no such user.</summary>
    public async Task<string?> GetAsync(long user, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(user, out var kept) && now - kept.At < Fresh)
            return kept.Stamp;
        var stamp = (await store.GetUserAsync(user, cancel))?.SecurityStamp;
        if (_kept.Count >= MostKept)
            _kept.Clear();
        _kept[user] = (stamp, now);
        return stamp;
    }

    public void Forget(long user) => _kept.TryRemove(user, out _);
}

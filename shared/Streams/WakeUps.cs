using System.Collections.Concurrent;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// Waiting for entries without polling busily: the scripts announce what they add. An announcement is lost where the connection breaks;
/// so everyone is woken when it is back, and a wait also ends by itself.
/// </summary>
public sealed class WakeUps
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<WakeUp>> _listeners = new(StringComparer.Ordinal);
    private readonly RedisConnection _redis;
    private readonly TimeProvider _time;

    public WakeUps(RedisConnection redis, TimeProvider time)
    {
        (_redis, _time) = (redis, time);
        redis.WhenRestored(AnnounceAll);
    }

    /// <summary>
    /// How long a wait lasts where nothing is announced. Eight loops that look every second cost 2 % of a core for nothing;
    /// every five seconds a fifth of that.
    /// </summary>
    public static TimeSpan Fallback { get; } = TimeSpan.FromSeconds(5);

    /// <summary>A listener for some streams, for the life of the process; used by one loop.</summary>
    public async Task<WakeUp> ListenAsync(params string[] streams)
    {
        var wakeUp = new WakeUp(_time);
        foreach (var stream in streams)
        {
            var listeners = _listeners.GetOrAdd(stream, _ => []);
            var isFirst = listeners.IsEmpty;
            listeners.Add(wakeUp);
            if (isFirst)
                await _redis.SubscribeAsync("ep:wake:" + stream, _ => Announce(listeners));
        }

        return wakeUp;
    }

    /// <summary>Wakes everyone in this process who waits.</summary>
    public void AnnounceAll()
    {
        foreach (var listeners in _listeners.Values)
            Announce(listeners);
    }

    private static void Announce(ConcurrentBag<WakeUp> listeners)
    {
        foreach (var listener in listeners)
            listener.Set();
    }
}

/// <summary>Remembers one announcement until the next wait.</summary>
public sealed class WakeUp(TimeProvider time)
{
    private TaskCompletionSource _announced = New();

    public void Set() => Volatile.Read(ref _announced).TrySetResult();

    /// <summary>Returns when something was announced since the last wait, or after <paramref name="most"/>.</summary>
    public async Task WaitAsync(TimeSpan most, CancellationToken cancel)
    {
        // Most waits of an idle process end by themselves: an exception for each would be a part of all that it does.
        var announced = Volatile.Read(ref _announced).Task;
        await announced.WaitAsync(most, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        if (announced.IsCompleted)
            Volatile.Write(ref _announced, New());
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

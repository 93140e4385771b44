using System.Collections.Concurrent;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// Waiting for entries without polling busily: the scripts announce what they add. Announcements may be lost, so a wait also ends by itself.
/// </summary>
public sealed class WakeUps(RedisConnection redis, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<WakeUp>> _listeners = new(StringComparer.Ordinal);

    /// <summary>How long a wait lasts where nothing is announced.</summary>
    public static TimeSpan Fallback { get; } = TimeSpan.FromSeconds(1);

    /// <summary>A listener for some streams, for the life of the process; used by one loop.</summary>
    public async Task<WakeUp> ListenAsync(params string[] streams)
    {
        var wakeUp = new WakeUp(time);
        foreach (var stream in streams)
        {
            var listeners = _listeners.GetOrAdd(stream, _ => []);
            var isFirst = listeners.IsEmpty;
            listeners.Add(wakeUp);
            if (isFirst)
                await redis.SubscribeAsync("ep:wake:" + stream, _ => Announce(listeners));
        }

        return wakeUp;
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
        try
        {
            await Volatile.Read(ref _announced).Task.WaitAsync(most, time, cancel);
        }
        catch (TimeoutException)
        {
            return;
        }

        Volatile.Write(ref _announced, New());
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

namespace ErrorPipeline.Collector.Admission;

/// <summary>
/// Token buckets by key, each kept as one number: the time at which it will be full again. A window's worth fits in a bucket.
/// Bounded: when the young half is full, those who were silent since the old half filled are forgotten (their buckets were
/// about full). Thread-safe.
/// </summary>
internal sealed class RateTable(TimeProvider time, TimeSpan window, int mostKeys)
{
    private readonly Lock _gate = new();
    private readonly long _window = (long)(window.TotalSeconds * time.TimestampFrequency);
    private Dictionary<ulong, long> _young = [];
    private Dictionary<ulong, long> _old = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _young.Count + _old.Count;
        }
    }

    /// <summary>
    /// Takes <paramref name="events"/> from the key's bucket if one token is there, going into debt for the rest; otherwise
    /// takes nothing and says how long to wait. A rate of 0 always passes.
    /// </summary>
    public bool TryTake(ulong key, int perWindow, int events, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (perWindow == 0)
            return true;
        var cost = Math.Max(1, _window / perWindow);
        var now = time.GetTimestamp();
        lock (_gate)
        {
            var full = Math.Max(Find(key), now);
            var late = full + cost - now - Math.Max(_window, cost);
            if (late > 0)
            {
                wait = time.GetElapsedTime(0, late);
                return false;
            }

            Set(key, full + cost * events);
            return true;
        }
    }

    /// <summary>Takes without asking: for what is found only after the bucket let the request in.</summary>
    public void Charge(ulong key, int perWindow, int events)
    {
        if (perWindow == 0 || events == 0)
            return;
        var cost = Math.Max(1, _window / perWindow);
        lock (_gate)
            Set(key, Math.Max(Find(key), time.GetTimestamp()) + cost * events);
    }

    private long Find(ulong key) => _young.TryGetValue(key, out var full) || _old.TryGetValue(key, out full) ? full : 0;

    private void Set(ulong key, long full)
    {
        if (_young.Count >= mostKeys / 2 && !_young.ContainsKey(key))
            (_young, _old) = ([], _young);
        _young[key] = full;
    }
}

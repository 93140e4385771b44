namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// Decoded maps in memory, bounded by their bytes; the one not used for longest goes first. Concurrent callers for a
/// key share one load. Loads that fail or find nothing are not kept, so that an upload is seen at once.
/// </summary>
/// <param name="budget">Bytes, as <see cref="SourceMap.Bytes"/> counts them. A map larger than it is given out but not kept.</param>
public sealed class SourceMapCache(long budget)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = [];
    private readonly Dictionary<string, Task<SourceMap?>> _loading = new(StringComparer.Ordinal);

    /// <summary>Bytes of the maps that are kept; never above the budget.</summary>
    public long Bytes { get; private set; }

    public int Count
    {
        get
        {
            lock (_gate)
                return _byKey.Count;
        }
    }

    /// <summary>A kept map, or null; never loads.</summary>
    public SourceMap? Find(string key)
    {
        lock (_gate)
            return Touch(key);
    }

    /// <summary>
    /// The map of a key, loaded where it is not kept; null where the load finds none. The load's exception goes to all who
    /// wait for it. Cancelling ends only the caller's waiting: the load goes on for the others.
    /// </summary>
    public Task<SourceMap?> GetAsync(string key, Func<Task<SourceMap?>> load, CancellationToken cancellation = default)
    {
        TaskCompletionSource<SourceMap?> ours;
        lock (_gate)
        {
            if (Touch(key) is { } kept)
                return Task.FromResult<SourceMap?>(kept);
            if (_loading.TryGetValue(key, out var running))
                return running.WaitAsync(cancellation);
            ours = new TaskCompletionSource<SourceMap?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _loading[key] = ours.Task;
        }

        _ = LoadAsync(key, load, ours);
        return ours.Task.WaitAsync(cancellation);
    }

    /// <summary>Forgets a map, after its artifact was replaced or deleted.</summary>
    public void Remove(string key)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var node))
                Drop(node);
        }
    }

    private async Task LoadAsync(string key, Func<Task<SourceMap?>> load, TaskCompletionSource<SourceMap?> ours)
    {
        try
        {
            var map = await load();
            Finish(key, map);
            ours.SetResult(map);
        }
        catch (Exception failure)
        {
            Finish(key, null);
            ours.SetException(failure);
        }
    }

    private void Finish(string key, SourceMap? map)
    {
        lock (_gate)
        {
            _loading.Remove(key);
            if (map is null || map.Bytes > budget)
                return;
            _byKey[key] = _byUse.AddFirst(new Entry(key, map));
            Bytes += map.Bytes;
            while (Bytes > budget)
                Drop(_byUse.Last!);
        }
    }

    private SourceMap? Touch(string key)
    {
        if (!_byKey.TryGetValue(key, out var node))
            return null;
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value.Map;
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _byKey.Remove(node.Value.Key);
        Bytes -= node.Value.Map.Bytes;
    }

    private sealed record Entry(string Key, SourceMap Map);
}

using System.Diagnostics.CodeAnalysis;

namespace ErrorPipeline.Workers.Normalize.Caching;

/// <summary>
/// Keeps what was asked for recently, bounded: two generations, the older thrown away when the younger is full, so that an entry in use
/// survives and nothing is ever moved in a list. Safe to share between threads.
/// </summary>
/// <param name="capacity">Entries per generation; at most twice as many are held.</param>
internal sealed class RecentCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _young.Count + _old.Count;
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(key, out value))
                return true;
            if (!_old.Remove(key, out value))
                return false;
            Put(key, value);
            return true;
        }
    }

    public void Add(TKey key, TValue value)
    {
        lock (_gate)
            Put(key, value);
    }

    private void Put(TKey key, TValue value)
    {
        if (_young.Count >= capacity)
            (_old, _young) = (_young, []);
        _old.Remove(key);
        _young[key] = value;
    }
}

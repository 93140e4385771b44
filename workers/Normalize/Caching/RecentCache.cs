using System.Diagnostics.CodeAnalysis;

namespace ErrorPipeline.Workers.Normalize.Caching;

/// <summary>
/// Keeps what was asked for recently, bounded: two generations, the older thrown away when the younger is full, so that an entry in use
/// survives and nothing is ever moved in a list. Safe to share between threads.
/// </summary>
/// <param name="budget">Cost of one generation; at most twice as much is held.</param>
/// <param name="cost">What an entry weighs, in any unit.</param>
internal sealed class RecentCache<TKey, TValue>(long budget, Func<TKey, TValue, long> cost)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];
    private long _spent;

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
        {
            if (!_young.ContainsKey(key))
                Put(key, value);
        }
    }

    private void Put(TKey key, TValue value)
    {
        var weight = cost(key, value);
        if (_spent + weight > budget && _young.Count > 0)
        {
            (_old, _young) = (_young, []);
            _spent = 0;
        }

        _old.Remove(key);
        _young[key] = value;
        _spent += weight;
    }
}

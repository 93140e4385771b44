namespace ErrorPipeline.Workers.Aggregate;

/// <summary>Counts by key; adding is all it can do, so sums do not depend on order.</summary>
internal sealed class Tally<TKey> : Dictionary<TKey, long>
    where TKey : notnull
{
    public void Add(TKey key, int count) =>
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(this, key, out _) += count;
}

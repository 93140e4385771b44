using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// Reading one stream as one consumer of the group of all workers. At least once: an entry stays pending until a hop moves it.
/// A group that has vanished (FLUSHALL) is made again at 0. Throws <see cref="RedisUnavailableException"/>.
/// </summary>
public sealed class StreamGroup(RedisConnection redis, string stream, string consumer)
{
    public const string Name = "workers";

    public string Stream => stream;

    public string Consumer => consumer;

    /// <summary>Entries never delivered to anyone. Does not wait.</summary>
    public async Task<List<StreamEntry>> ReadNewAsync(int most)
    {
        var answer = await WithGroupAsync(() => redis.ExecuteAsync(
            "XREADGROUP", "GROUP", Name, consumer, "COUNT", most, "STREAMS", (RedisKey)stream, ">"));
        if (answer.IsNull)
            return [];
        var ofStream = (RedisResult[])((RedisResult[])answer)[0];
        return StreamEntry.FromList(ofStream[1]);
    }

    /// <summary>Entries delivered to this consumer and not moved yet: after an error.</summary>
    public Task<List<StreamEntry>> ReadOwnAsync(int most) => TakeOverAsync(consumer, most);

    /// <summary>Takes over what another consumer owes, who is known to be gone.</summary>
    public async Task<List<StreamEntry>> TakeOverAsync(string from, int most) =>
        StreamEntry.FromList(await WithGroupAsync(() => redis.RunAsync(RedisScript.TakeOver, [stream], [Name, from, consumer, most])));

    /// <summary>Takes over entries that nobody worked on for a while.</summary>
    public async Task<List<StreamEntry>> ReclaimAsync(TimeSpan idle, int most)
    {
        var answer = await WithGroupAsync(() => redis.ExecuteAsync(
            "XAUTOCLAIM", (RedisKey)stream, Name, consumer, (long)idle.TotalMilliseconds, "0-0", "COUNT", most));
        return StreamEntry.FromList(((RedisResult[])answer)[1]);
    }

    /// <summary>How often each of these pending entries was delivered.</summary>
    public async Task<Dictionary<StreamId, long>> DeliveriesAsync(IReadOnlyList<StreamId> ids)
    {
        var deliveries = new Dictionary<StreamId, long>();
        if (ids.Count == 0)
            return deliveries;
        var answer = await WithGroupAsync(() => redis.ExecuteAsync(
            "XPENDING", (RedisKey)stream, Name, ids.Min().ToString(), ids.Max().ToString(), ids.Count + 100, consumer));
        foreach (var item in (RedisResult[])answer)
        {
            var parts = (RedisResult[])item;
            deliveries[StreamId.Parse((string)parts[0]!)] = (long)parts[3];
        }

        return deliveries;
    }

    /// <summary>Says that this consumer still works on its entries, so that nobody reclaims them.</summary>
    /// <param name="deliveries">What to note as the number of their deliveries, if not what it is.</param>
    public Task RenewAsync(IEnumerable<StreamId> ids, long? deliveries = null) => redis.RunAsync(
        RedisScript.Renew, [stream], [Name, consumer, deliveries is { } number ? number : RedisValue.EmptyString, .. ids.Select(id => (RedisValue)id.ToString())]);

    /// <summary>Deletes consumers that have been away for a while and owe nothing.</summary>
    public async Task<long> PruneConsumersAsync(TimeSpan idle) =>
        (long)await redis.RunAsync(RedisScript.PruneConsumers, [stream], [Name, (long)idle.TotalMilliseconds, consumer]);

    /// <summary>Sets an entry aside that this build cannot read. False where it is not this consumer's any more.</summary>
    public async Task<bool> ParkAsync(Lane lane, StreamId id, int version) =>
        (int)await redis.RunAsync(
            RedisScript.Park,
            [stream, Lane.SizesOf(stream), lane.Parked, Lane.SizesOf(lane.Parked)],
            [Name, consumer, id.ToString(), version]) == 1;

    private async Task<RedisResult> WithGroupAsync(Func<Task<RedisResult>> read)
    {
        try
        {
            return await read();
        }
        catch (RedisServerException e) when (IsNoGroup(e))
        {
            await CreateAsync();
            return await read();
        }
    }

    private async Task CreateAsync()
    {
        try
        {
            await redis.ExecuteAsync("XGROUP", "CREATE", (RedisKey)stream, Name, "0", "MKSTREAM");
        }
        catch (RedisServerException e) when (e.Message.Contains("BUSYGROUP", StringComparison.Ordinal))
        {
            // Another worker was first.
        }
    }

    // XPENDING and XAUTOCLAIM word it in their own ways.
    private static bool IsNoGroup(RedisServerException e) => e.Message.Contains("NOGROUP", StringComparison.Ordinal);
}

using System.Globalization;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Collector.Forwarding;

/// <summary>What forwarding asks of Redis. All throw <see cref="RedisUnavailableException"/>; tests lose single answers.</summary>
/// <param name="Forward">See <see cref="LaneForwarding.ForwardAsync"/>.</param>
/// <param name="Settled">See <see cref="LaneForwarding.SettledAsync"/>.</param>
/// <param name="Stored">A producer's stored sequence; -1 where Redis knows nothing of it.</param>
/// <param name="Forget">Removes a producer that has nothing left to send.</param>
/// <param name="IsSyncedAtReply">Whether what Redis has answered is on its disk already.</param>
internal sealed record ForwardCalls(
    Func<Lane, ForwardBatch, Task<ForwardAnswer>> Forward,
    Func<Lane, string, Task<long?>> Settled,
    Func<Lane, string, Task<long>> Stored,
    Func<Lane, string, Task> Forget,
    Func<Task<bool>> IsSyncedAtReply)
{
    public static ForwardCalls To(RedisConnection redis, LaneForwarding forwarding) => new(
        forwarding.ForwardAsync,
        forwarding.SettledAsync,
        async (lane, producer) => await redis.ExecuteAsync("HGET", (RedisKey)lane.Producers, producer) is { IsNull: false } stored
            ? long.Parse((string)stored!, CultureInfo.InvariantCulture)
            : -1,
        (lane, producer) => redis.ExecuteAsync("HDEL", (RedisKey)lane.Producers, producer),
        async () => await SettingAsync(redis, "appendonly") == "yes" && await SettingAsync(redis, "appendfsync") == "always");

    /// <summary>Null where the server does not tell (managed ones forbid CONFIG).</summary>
    private static async Task<string?> SettingAsync(RedisConnection redis, string name)
    {
        try
        {
            return (RedisResult[])(await redis.ExecuteAsync("CONFIG", "GET", name))! is [_, var value, ..] ? (string?)value : null;
        }
        catch (RedisServerException)
        {
            return null;
        }
    }
}

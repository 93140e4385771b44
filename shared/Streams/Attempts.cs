using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>Counts how often a message failed while it was processed alone; kept in Redis, so that a crash does not forget.</summary>
public sealed class Attempts(RedisConnection redis)
{
    /// <summary>Counts one failed lone attempt; returns how many there were.</summary>
    public async Task<long> CountAsync(Lane lane, string field) =>
        (long)await redis.ExecuteAsync("HINCRBY", (RedisKey)KeyOf(lane), field, 1);

    public static string FieldOf(string stage, int projectId, string eventId) => $"{stage}|{projectId}|{eventId}";

    internal static string KeyOf(Lane lane) => lane.Key("attempts");
}

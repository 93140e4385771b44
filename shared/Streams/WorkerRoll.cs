using System.Globalization;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// Which workers live: each gives its word every <see cref="Interval"/> and counts as gone after <see cref="Silence"/>. It makes work of the dead go on
/// soon; nothing rests on it, as a worker that was only slow finds its hop refused. Throws <see cref="RedisUnavailableException"/>.
/// </summary>
public sealed class WorkerRoll(RedisConnection redis)
{
    private const string Key = "ep:workers";

    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    public static TimeSpan Silence { get; } = TimeSpan.FromSeconds(4);

    /// <summary>Longer than anybody needs to take over what the silent one owed.</summary>
    private static TimeSpan Memory { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Gives this worker's word; tells who has not given theirs for a while.</summary>
    public async Task<IReadOnlyList<SilentWorker>> AnswerAsync(string consumer)
    {
        var answer = (RedisValue[])await redis.RunAsync(
            RedisScript.AnswerRoll, [Key], [consumer, (long)Silence.TotalMilliseconds, (long)Memory.TotalMilliseconds]);
        return [.. answer.Chunk(2).Select(pair => new SilentWorker(pair[0]!, (long)double.Parse((string)pair[1]!, CultureInfo.InvariantCulture)))];
    }

    /// <summary>Says that this worker ends: what it leaves is taken over at once.</summary>
    public Task LeaveAsync(string consumer) => redis.RunAsync(RedisScript.LeaveRoll, [Key], [consumer, (long)Silence.TotalMilliseconds]);
}

/// <param name="Consumer">Its name in the groups.</param>
/// <param name="LastWord">ms since 1970 by the clock of Redis: one that came back and fell silent again is another.</param>
public sealed record SilentWorker(string Consumer, long LastWord);

using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Locking;

internal enum InstanceAnswer { Yes, No, Unreachable }

/// <summary>One of the independent servers.</summary>
internal sealed class RedLockInstance(RedisConnection redis, TimeSpan patience)
{
    private static readonly RedisScript Acquire = RedisScript.OfLocking("acquire");
    private static readonly RedisScript Raise = RedisScript.OfLocking("raise");
    private static readonly RedisScript Extend = RedisScript.OfLocking("extend");
    private static readonly RedisScript Release = RedisScript.OfLocking("release");

    /// <summary>The token, or 0 where another holds the lock; null where the server does not answer in time.</summary>
    public Task<long?> AcquireAsync(string resource, string id, TimeSpan expiry) =>
        RunAsync(Acquire, [KeyOf(resource), TokensOf(resource)], [id, (long)expiry.TotalMilliseconds]);

    public Task<InstanceAnswer> RaiseAsync(string resource, string id, long token) =>
        AskAsync(Raise, [KeyOf(resource), TokensOf(resource)], [id, token]);

    public Task<InstanceAnswer> ExtendAsync(string resource, string id, TimeSpan expiry) =>
        AskAsync(Extend, [KeyOf(resource)], [id, (long)expiry.TotalMilliseconds]);

    public Task<InstanceAnswer> ReleaseAsync(string resource, string id) => AskAsync(Release, [KeyOf(resource)], [id]);

    // The braces keep both keys in one slot of a cluster.
    internal static string KeyOf(string resource) => $"redlock:{{{resource}}}";

    internal static string TokensOf(string resource) => $"redlock:{{{resource}}}:token";

    private async Task<InstanceAnswer> AskAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments) =>
        await RunAsync(script, keys, arguments) switch
        {
            null => InstanceAnswer.Unreachable,
            0 => InstanceAnswer.No,
            _ => InstanceAnswer.Yes,
        };

    private async Task<long?> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return (long)await redis.RunAsync(script, keys, arguments).WaitAsync(patience);
        }
        catch (Exception e) when (e is RedisUnavailableException or TimeoutException or RedisServerException)
        {
            return null;
        }
    }
}

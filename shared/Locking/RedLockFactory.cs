using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Locking;

/// <summary>
/// Makes locks by the Redlock algorithm over independent servers (not replicas of each other); with one server it is a plain lock with an expiry.
/// Never throws for servers that are away: they count as not given.
/// </summary>
public sealed class RedLockFactory : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<RedisConnection> _owned;
    private readonly IReadOnlyList<RedLockInstance> _instances;
    private readonly TimeProvider _time;

    private RedLockFactory(IReadOnlyList<RedisConnection> connections, bool own, TimeProvider time)
    {
        _owned = own ? connections : [];
        _instances = [.. connections.Select(c => new RedLockInstance(c, Patience))];
        _time = time;
    }

    /// <summary>Opens a connection to each endpoint ("host:port"), closed with the factory.</summary>
    public static RedLockFactory Create(IReadOnlyList<string> endpoints, TimeProvider? time = null) =>
        new([.. endpoints.Select(e => new RedisConnection(e, "errorpipeline-lock"))], own: true, time ?? TimeProvider.System);

    /// <summary>Uses connections that exist, which stay open.</summary>
    public static RedLockFactory Create(IReadOnlyList<RedisConnection> connections, TimeProvider? time = null) =>
        new(connections, own: false, time ?? TimeProvider.System);

    /// <summary>Tries once. Look at <see cref="IRedLock.IsAcquired"/>; while acquired, it prolongs itself until it is disposed.</summary>
    public async Task<IRedLock> CreateLockAsync(string resource, TimeSpan expiryTime)
    {
        var made = new RedLock(_instances, resource, expiryTime, _time);
        await made.AcquireAsync();
        return made;
    }

    /// <summary>Tries every <paramref name="retryTime"/> until it is acquired or <paramref name="waitTime"/> is over.</summary>
    public async Task<IRedLock> CreateLockAsync(
        string resource, TimeSpan expiryTime, TimeSpan waitTime, TimeSpan retryTime, CancellationToken? cancellationToken = null)
    {
        var cancel = cancellationToken ?? CancellationToken.None;
        var since = _time.GetTimestamp();
        while (true)
        {
            var made = await CreateLockAsync(resource, expiryTime);
            if (made.IsAcquired || _time.GetElapsedTime(since) + retryTime > waitTime)
                return made;
            await made.DisposeAsync();
            await Task.Delay(retryTime, _time, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _owned)
            await connection.DisposeAsync();
    }
}

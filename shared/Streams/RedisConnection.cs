using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// The one connection of a process to Redis (one pool per backend). Connects in the background and reconnects for ever; never throws for a
/// Redis that is away until a command is sent. Commands throw <see cref="RedisUnavailableException"/> for trouble that passes and
/// <see cref="RedisServerException"/> for a command that is wrong. No command waits longer than <see cref="CommandTimeout"/>; none may block on the server.
/// A client whose every command has failed for a while is replaced: starved of CPU while it connects, it may never find its connection again.
/// </summary>
public sealed class RedisConnection : IAsyncDisposable
{
    private static readonly string[] PassingErrors =
        ["LOADING ", "OOM ", "READONLY ", "MASTERDOWN ", "CLUSTERDOWN ", "TRYAGAIN ", "MISCONF ", "BUSY ", "NOREPLICAS ", "MOVED ", "ASK ",
            "NOAUTH ", "WRONGPASS ", "NOPERM "];

    private readonly ConfigurationOptions _options;
    private readonly Lock _gate = new();
    private readonly TimeSpan _patience;
    private readonly List<(string Channel, Action<RedisValue> Handler)> _subscriptions = [];
    private Task<ConnectionMultiplexer>? _connecting;
    private Action _whenRestored = () => { };
    private long _failingSince;

    /// <param name="servers">host:port, several separated by commas; the client's own options may follow ("password=...,ssl=true").</param>
    /// <param name="clientName">Shown by CLIENT LIST.</param>
    public RedisConnection(string servers, string clientName)
        : this(servers, clientName, TimeSpan.FromSeconds(15))
    {
    }

    /// <param name="patience">For how long everything must fail until the client is replaced.</param>
    internal RedisConnection(string servers, string clientName, TimeSpan patience)
    {
        _patience = patience;
        _options = ConfigurationOptions.Parse(servers);
        _options.ClientName = clientName;
        _options.AbortOnConnectFail = false;
        _options.ConnectTimeout = 2000;
        _options.SyncTimeout = (int)CommandTimeout.TotalMilliseconds;
        _options.KeepAlive = 10;
    }

    public static TimeSpan CommandTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The servers, without secrets.</summary>
    public string Servers => string.Join(',', _options.EndPoints.Select(e => e.ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal)));

    /// <summary>Any command. Arguments that are keys must be passed as <see cref="RedisKey"/>.</summary>
    public Task<RedisResult> ExecuteAsync(string command, params object[] arguments) =>
        GuardAsync(async database => await database.ExecuteAsync(command, arguments));

    /// <summary>Time of one round trip.</summary>
    public Task<TimeSpan> PingAsync() => GuardAsync(database => database.PingAsync());

    public Task<RedisValue> GetAsync(string key) => GuardAsync(database => database.StringGetAsync(key));

    public Task<bool> SetAsync(string key, RedisValue value, TimeSpan? expiry = null) =>
        GuardAsync(database => database.StringSetAsync(key, value, expiry));

    /// <summary>Delivered at most once: announcements may be lost, so every listener also polls.</summary>
    public Task<long> PublishAsync(string channel, RedisValue message) =>
        GuardAsync(database => database.PublishAsync(channel, message));

    /// <summary>
    /// Listens to a channel, also after reconnecting. The handler must be quick and must not throw; it may run on any thread.
    /// Does not throw while Redis is away: the subscription is made when it comes back.
    /// </summary>
    public async Task SubscribeAsync(string channel, Action<RedisValue> handler)
    {
        Task<ConnectionMultiplexer> connecting;
        lock (_gate)
        {
            connecting = Connecting();
            _subscriptions.Add((channel, handler));
        }

        try
        {
            await SubscribeAsync(await connecting.WaitAsync(CommandTimeout), channel, handler);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            // Made with the next client.
        }
    }

    /// <summary>Calls back when a lost connection is there again: what was published meanwhile is lost. The handler must be quick and must not throw.</summary>
    public void WhenRestored(Action handler)
    {
        lock (_gate)
            _whenRestored += handler;
    }

    internal async Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await GuardAsync(database => database.ScriptEvaluateAsync(script.Text, keys, arguments));
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // The server lost its scripts (restart, SCRIPT FLUSH): it has not run, and the client now loads it again.
            return await GuardAsync(database => database.ScriptEvaluateAsync(script.Text, keys, arguments));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? connecting;
        lock (_gate)
            connecting = _connecting;
        await CloseAsync(connecting);
    }

    private async Task<T> GuardAsync<T>(Func<IDatabase, Task<T>> call)
    {
        try
        {
            var multiplexer = await ConnectAsync();
            var answer = await call(multiplexer.GetDatabase()).WaitAsync(CommandTimeout);
            Volatile.Write(ref _failingSince, 0);
            return answer;
        }
        catch (RedisServerException e) when (Array.Exists(PassingErrors, p => e.Message.StartsWith(p, StringComparison.Ordinal)))
        {
            Volatile.Write(ref _failingSince, 0);
            throw new RedisUnavailableException(e.Message, e);
        }
        catch (Exception e) when (e is RedisConnectionException or TimeoutException or ObjectDisposedException or TaskCanceledException)
        {
            ReplaceStuck();
            throw new RedisUnavailableException($"Redis at {Servers} does not answer: {FirstLine(e.Message)}", e);
        }
    }

    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_gate)
            return Connecting().WaitAsync(CommandTimeout);
    }

    /// <summary>Under the gate.</summary>
    private Task<ConnectionMultiplexer> Connecting()
    {
        if (_connecting is null or { IsFaulted: true } or { IsCanceled: true })
            _connecting = OpenAsync([.. _subscriptions]);
        return _connecting;
    }

    private async Task<ConnectionMultiplexer> OpenAsync(IReadOnlyList<(string Channel, Action<RedisValue> Handler)> subscriptions)
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(_options).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        multiplexer.PreserveAsyncOrder = false;
        multiplexer.ConnectionRestored += (_, _) => _whenRestored();
        foreach (var (channel, handler) in subscriptions)
            _ = SubscribeAsync(multiplexer, channel, handler);
        return multiplexer;
    }

    private static async Task SubscribeAsync(ConnectionMultiplexer multiplexer, string channel, Action<RedisValue> handler)
    {
        try
        {
            await multiplexer.GetSubscriber().SubscribeAsync(channel, (_, message) => handler(message)).WaitAsync(CommandTimeout);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            // The client has noted it and sends it with the next connection.
        }
    }

    /// <summary>Once everything has failed for as long as is allowed: the next command begins with a new client.</summary>
    private void ReplaceStuck()
    {
        var now = Environment.TickCount64;
        if (Interlocked.CompareExchange(ref _failingSince, now, 0) is not (> 0 and var since) || now - since < _patience.TotalMilliseconds)
            return;
        Task<ConnectionMultiplexer>? stuck;
        lock (_gate)
        {
            if (Volatile.Read(ref _failingSince) != since)
                return;
            (stuck, _connecting) = (_connecting, null);
            Volatile.Write(ref _failingSince, 0);
        }

        _ = CloseAsync(stuck);
        _whenRestored();
    }

    private static async Task CloseAsync(Task<ConnectionMultiplexer>? connecting)
    {
        if (connecting is null)
            return;
        try
        {
            var multiplexer = await connecting;
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
            multiplexer.Dispose();
        }
        catch (Exception e) when (e is RedisException or ObjectDisposedException or TimeoutException)
        {
            // Closing what is broken already.
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();
}

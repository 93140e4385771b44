namespace ErrorPipeline.Rigs;

public sealed record InstallationOptions
{
    /// <summary>One worker process for each: its arguments, such as "--stages", "dedupe". All stages in one process where not told.</summary>
    public IReadOnlyList<string[]> Workers { get; init; } = [[]];

    public RedisOptions Redis { get; init; } = new();

    /// <summary>Which engine keeps everything; the one that <see cref="StoreKinds.Variable"/> names where not told.</summary>
    public StoreKind Store { get; init; } = StoreKinds.Chosen;

    /// <summary>Settings of all processes beside those that wire them together.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Where everything is kept; a folder of its own where not told. Never deleted where told.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Last word on how each app is started: other settings, another build.</summary>
    public Func<AppStart, AppStart> Change { get; init; } = start => start;

    /// <summary>What the apps connect to as Redis, given the real one; a proxy, say.</summary>
    public Func<RedisServer, string> RedisAddress { get; init; } = redis => redis.Endpoint;
}

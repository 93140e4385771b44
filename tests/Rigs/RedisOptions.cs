namespace ErrorPipeline.Rigs;

/// <summary>How a private redis-server is started; the defaults are those of <c>./dev up</c>.</summary>
public sealed record RedisOptions
{
    public bool AppendOnly { get; init; } = true;

    /// <summary>always, everysec or no.</summary>
    public string AppendFsync { get; init; } = "always";

    /// <summary>"100mb"; null for no bound. The policy is noeviction.</summary>
    public string? MaxMemory { get; init; }

    /// <summary>More options as redis-server takes them: "--cluster-enabled", "yes".</summary>
    public IReadOnlyList<string> More { get; init; } = [];
}

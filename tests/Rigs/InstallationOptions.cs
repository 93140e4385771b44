namespace ErrorPipeline.Rigs;

public sealed record InstallationOptions
{
    /// <summary>One worker process for each: its arguments, such as "--stages", "dedupe". All stages in one process where not told.</summary>
    public IReadOnlyList<string[]> Workers { get; init; } = [[]];

    public RedisOptions Redis { get; init; } = new();

    /// <summary>Settings of all processes beside those that wire them together.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

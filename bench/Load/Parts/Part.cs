namespace ErrorPipeline.Load.Parts;

/// <summary>One table of bench/README.md, which can be measured by itself.</summary>
/// <param name="Rounds">Whether it alternates rounds.</param>
/// <param name="IsQuick">Whether it is part of <c>./dev bench quick</c>.</param>
/// <param name="RunAsync">The table, as Markdown.</param>
internal sealed record Part(string Name, bool Rounds, bool IsQuick, Func<Plan, Task<string>> RunAsync)
{
    public static IReadOnlyList<Part> All { get; } =
    [
        new("collector", true, true, Collectors.RunAsync),
        new("queue", false, true, Queue.RunAsync),
        new("chain", true, true, Chains.RunAsync),
        new("stores", true, false, Stores.RunAsync),
        new("sizes", false, false, Sizes.RunAsync),
        new("latency", false, false, Latency.RunAsync),
        new("memory", false, false, Memory.RunAsync),
        new("idle", false, false, Idle.RunAsync),
        new("start", false, false, ColdStart.RunAsync),
        new("growth", false, false, Growth.RunAsync),
        new("model", false, false, Scaling.RunAsync),
    ];
}

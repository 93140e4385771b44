namespace ErrorPipeline.Load.Parts;

/// <summary>One table of bench/README.md, which can be measured by itself.</summary>
/// <param name="Rounds">Whether it alternates rounds.</param>
/// <param name="RunAsync">The table, as Markdown.</param>
internal sealed record Part(string Name, bool Rounds, Occasion Occasion, Func<Plan, Task<string>> RunAsync)
{
    /// <summary>Of a round; null where the plan alone decides.</summary>
    public int? MostSeconds { get; init; }

    public static IReadOnlyList<Part> All { get; } =
    [
        new("collector", true, Occasion.Quick, Collectors.RunAsync),
        new("queue", false, Occasion.Quick, Queue.RunAsync),
        new("chain", true, Occasion.Quick, Chains.RunAsync),
        new("stores", true, Occasion.Usual, Stores.RunAsync) { MostSeconds = Stores.MostSeconds },
        new("sizes", false, Occasion.Usual, Sizes.RunAsync),
        new("latency", false, Occasion.Usual, Latency.RunAsync),
        new("memory", false, Occasion.Usual, Memory.RunAsync),
        new("idle", false, Occasion.Usual, Idle.RunAsync),
        new("start", false, Occasion.Usual, ColdStart.RunAsync),
        new("growth", false, Occasion.Named, Growth.RunAsync),
        new("profile", false, Occasion.Named, Profile.RunAsync),
        new("model", false, Occasion.Named, Scaling.RunAsync),
    ];
}

/// <summary>When a part is measured; a quick one is in a usual run, too.</summary>
internal enum Occasion
{
    Quick,
    Usual,

    /// <summary>Only where it is asked for by name.</summary>
    Named,
}

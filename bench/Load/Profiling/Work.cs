namespace ErrorPipeline.Load.Profiling;

/// <summary>What a sample was busy with, in words of the product.</summary>
internal static class Work
{
    public const string Other = "thread pool, tasks, other";

    private static readonly (string Part, string Name)[] Ours =
    [
        ("ErrorPipeline.Workers.Normalize.Reading.", "normalize: reading the event"),
        ("ErrorPipeline.Workers.Normalize.Protocols.", "normalize: reading the event"),
        ("ErrorPipeline.Workers.Normalize.Scrubbing.", "normalize: scrubbing"),
        ("ErrorPipeline.Workers.Normalize.Stacks.", "normalize: stacks"),
        ("ErrorPipeline.Workers.Normalize.", "normalize: the rest"),
        ("ErrorPipeline.Workers.Aggregate.", "aggregate"),
        ("ErrorPipeline.Workers.Dedupe.", "dedupe"),
        ("ErrorPipeline.Shared.Contracts.", "messages between stages, as JSON"),
        ("ErrorPipeline.Workers.Write.DeltaReading", "messages between stages, as JSON"),
        ("ErrorPipeline.Workers.Pumping.WorkEntry", "messages between stages, as JSON"),
        ("ErrorPipeline.Workers.Pumping.Forms", "messages between stages, as JSON"),
        ("ErrorPipeline.Shared.Storage.", "store: our side of it"),
        ("ErrorPipeline.Shared.Streams.", "Redis client"),
        ("ErrorPipeline.Collector.Spool.", "write-ahead log"),
        ("ErrorPipeline.Collector.Forwarding.", "forwarding from the log"),
        ("ErrorPipeline.Collector.", "admission"),
    ];

    private static readonly (string Part, string Name)[] Libraries =
    [
        ("StackExchange.Redis", "Redis client"),
        ("System.Text.Json", "messages between stages, as JSON"),
        ("Microsoft.AspNetCore", "HTTP"),
    ];

    public static string Of(StackSample sample)
    {
        if (sample.Thread.StartsWith(".NET Tiered", StringComparison.Ordinal))
            return "compiling";
        var leaf = sample.Frames[^1];
        if (leaf.Contains("[kernel", StringComparison.Ordinal))
            return "kernel: sockets, disk, scheduling";
        if (sample.Frames.Any(frame => frame.Contains("libe_sqlite3", StringComparison.Ordinal)))
            return "SQLite";
        if (sample.Thread.StartsWith(".NET BGC", StringComparison.Ordinal) || sample.Frames.TakeLast(2).Any(frame => frame.Contains("libcoreclr.so", StringComparison.Ordinal)))
            return "runtime: allocating and collecting memory, casts";
        return Find(sample, Ours) ?? Find(sample, Libraries) ?? Other;
    }

    /// <summary>By the innermost call that tells.</summary>
    private static string? Find(StackSample sample, (string Part, string Name)[] marks)
    {
        for (var i = sample.Frames.Count - 1; i >= 0; i--)
        {
            foreach (var (part, name) in marks)
            {
                if (sample.Frames[i].Contains(part, StringComparison.Ordinal))
                    return name;
            }
        }

        return null;
    }
}

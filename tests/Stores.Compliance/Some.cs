using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Builders of what the stores are fed with. Times count from <see cref="Start"/>.</summary>
internal static class Some
{
    public const int Project = 7;
    public const long HourMs = 3_600_000;

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly long Start = Now.ToUnixTimeMilliseconds();

    public static long Hour => Start / HourMs;

    public static StreamId Id(long n) => new(1000, (ulong)n);

    public static LaneEntry Entry(long n, params IssueDelta[] deltas) => new(Id(n), new DeltaBatch { Issues = deltas });

    public static IssueDelta Delta(
        string fingerprint = "a", long count = 1, long at = 0, long? received = null, string? title = null, int project = Project,
        string environment = "production", string[]? users = null, EventSample[]? samples = null, string culprit = "render (app.js)",
        FacetCount[]? facets = null)
        => new()
        {
            ProjectId = project,
            Grouping = new("v1", fingerprint, ["TypeError", fingerprint]),
            Title = title ?? $"TypeError: {fingerprint}",
            Culprit = culprit,
            Type = "TypeError",
            Level = "error",
            Class = "ours",
            Count = count,
            FirstSeen = Start + at,
            LastSeen = Start + at,
            LastReceived = Start + (received ?? at),
            Hours = [new((Start + at) / HourMs, environment, count)],
            Facets = [.. facets ?? [], new("environment", environment, count), new("browser", "Chrome 156", count)],
            Users = users ?? [],
            Samples = samples ?? [],
        };

    /// <summary>A delta of one release.</summary>
    public static IssueDelta Of(this IssueDelta delta, string release) => delta with
    {
        Releases = [new(release, delta.Count, delta.LastReceived, delta.LastReceived)],
    };

    public static IssueDelta Named(this IssueDelta delta, params GroupingAlias[] aliases) => delta with { Grouping = delta.Grouping with { Aliases = aliases } };

    public static EventSample Sample(
        string eventId, string novelty = "n", long at = 0, string message = "x is not a function", string function = "renderCart", string file = "https://shop.example/js/checkout.js")
        => new(
            new() { EventId = eventId, At = Start + at, ReceivedAt = Start + at, Browser = "Chrome 156", Page = "https://shop.example/cart" },
            new() { Type = "TypeError", Message = message, Frames = [new() { Function = function, File = file, Line = 3, Column = 9, InApp = true }] },
            new() { Release = "1.2.3", Environment = "production" },
            novelty);

    public static StoreCommand Command(string kind, long issue, long at, string? id = null)
        => new() { Id = id ?? Guid.NewGuid().ToString("N"), Kind = kind, IssueId = issue, At = Start + at, By = "ada" };

    public static StoreCommand Merge(long target, params long[] sources) => Command(CommandKind.Merge, target, at: 5000) with { Sources = sources };

    public static StoreCommand Undo(long issue, long move) => Command(CommandKind.Undo, issue, at: 6000) with { Move = move };

    public static IssueQuery Query => new() { NowHour = Hour };
}

using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Shared.Watching;

namespace ErrorPipeline.Web.Pipeline;

/// <summary>One look at everything between browsers and the store.</summary>
/// <param name="RedisProblem">Why lanes, processes and dead letters are not known now; null where they are.</param>
/// <param name="Signs">What is wrong now.</param>
public sealed record PipelineState(
    long At,
    string? RedisProblem,
    IReadOnlyList<LaneState> Lanes,
    IReadOnlyList<ProcessRecord> Processes,
    IReadOnlyList<RefusedState> Refused,
    IReadOnlyList<ApproximateInterval> Approximate,
    StoreSummary Store,
    IReadOnlyList<PipelineSign> Signs)
{
    public bool Balanced => Lanes.All(l => l.Balanced);

    /// <summary>Since when all lanes balance, or since when one does not, ms since 1970; null where nobody has noted it yet.</summary>
    public long? BalanceSince => Lanes.Where(l => l.Balanced == Balanced).Select(l => l.BalanceSince) is var since && Balanced ? since.Max() : since.Min();

    public long Accepted => Lanes.Sum(l => l.Accepted);

    public long Stored => Lanes.Sum(l => l.Totals.GetValueOrDefault("stored"));

    /// <summary>Events that ended on the way: duplicates, filtered, dead.</summary>
    public long Left => Lanes.Sum(l => l.Terminal) - Stored;

    public long DeadLetters => Lanes.Sum(l => l.DeadLetters);

    /// <summary>Of those accepted, sent again from the log by an operator.</summary>
    public long Replayed => Lanes.Sum(l => l.Notes.GetValueOrDefault("replayed"));

    public long InFlight => Lanes.Sum(l => l.InFlight);

    public double LagSeconds => Lanes.Select(l => l.LagSeconds).DefaultIfEmpty().Max();

    /// <summary>Records in collectors' logs that Redis has not taken yet.</summary>
    public long InLogs => Processes.Sum(p => LogBacklog(p.Facts));

    public static long LogBacklog(JsonObject facts) => facts["log"] is JsonObject log
        ? log.Select(l => l.Value as JsonObject).Sum(l => Math.Max(0, NumberOf(l, "appended") - NumberOf(l, "confirmed")))
        : 0;

    private static long NumberOf(JsonObject? from, string name) => from?[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : 0;
}

public sealed record LaneState(
    string Lane, bool Balanced, long Accepted, long Terminal, long InFlight, double LagSeconds, double SeenWindowSeconds, long DeadLetters,
    IReadOnlyDictionary<string, long> Totals, IReadOnlyDictionary<string, long> Notes, long? BalanceSince, IReadOnlyList<StreamDepth> Streams);

/// <param name="Index">Of the lane.</param>
public sealed record DeadState(int Index, string Lane, string Id, string Stage, int ProjectId, string EventId, string Error, long At, int Bytes);

/// <summary>A change that the store could never take.</summary>
public sealed record RefusedState(string Entry, int ProjectId, string Title, long Events, string Reason);

using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Watching;

/// <summary>What one look at the lanes and the processes says is wrong. No clock, no Redis: the readings carry their own time.</summary>
public static class PipelineSigns
{
    /// <summary>The stages, as workers' heartbeats name them, and the stream that fills up where none runs.</summary>
    private static readonly (string Stage, string Does)[] Stages =
    [
        ("dedupe", "nothing is taken off the raw queues"), ("normalize", "nothing is normalized"),
        ("aggregate", "nothing is aggregated"), ("write", "nothing reaches the store"),
    ];

    public static IReadOnlyList<PipelineSign> Of(IReadOnlyList<LaneReading> lanes, IReadOnlyList<ProcessRecord> processes, WatchOptions limits)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        ArgumentNullException.ThrowIfNull(processes);
        ArgumentNullException.ThrowIfNull(limits);
        return
        [
            .. lanes.SelectMany(lane => OfLane(lane, limits)),
            .. Missing(processes),
            .. processes.SelectMany(p => Troubles(p).Concat(Waiting(p, limits))),
        ];
    }

    private static IEnumerable<PipelineSign> OfLane(LaneReading lane, WatchOptions limits)
    {
        var name = lane.Lane.Name;
        if (lane.UnbalancedFor.TotalSeconds >= limits.UnbalancedSeconds)
            yield return new(SignKind.Unbalanced, name, $"{name} has not balanced for {Said(lane.UnbalancedFor.TotalSeconds)}: {lane.Accepted} accepted, {lane.Terminal} done, {lane.InFlight} in flight");
        var latest = lane.Streams.Where(s => s.Name != "parked").MaxBy(s => s.OldestSeconds);
        if (latest is not null && latest.OldestSeconds >= limits.LagSeconds)
            yield return new(SignKind.Lag, name, $"{name}: the oldest of {latest.Events} events in {latest.Name} has waited for {Said(latest.OldestSeconds)}");
        if (lane.Streams.FirstOrDefault(s => s.Name == "parked") is { Entries: > 0 } parked)
            yield return new(SignKind.Parked, name, $"{name}: {parked.Events} events of a newer version wait for a build that can read them");
        var sinceDead = (lane.At - lane.NewestDeadAt) / 1000.0;
        if (sinceDead < limits.DeadLetterNewsSeconds)
            yield return new(SignKind.DeadLetters, name, $"{name}: {lane.DeadLetters} dead letters, the newest {Said(Math.Max(0, sinceDead.Value))} ago");
        else if (lane.DeadLetters > limits.DeadLetters)
            yield return new(SignKind.DeadLetters, name, $"{name}: {lane.DeadLetters} dead letters are kept in Redis' memory: replay or drop some");
    }

    private static IEnumerable<PipelineSign> Missing(IReadOnlyList<ProcessRecord> processes)
    {
        if (!processes.Any(p => p.Role == "collector"))
            yield return new(SignKind.NoCollector, "collector", "No collector tells that it lives: nobody takes errors in");
        var hosted = processes.Where(p => p.Role == "workers").SelectMany(HostedStages).ToHashSet(StringComparer.Ordinal);
        foreach (var (stage, does) in Stages)
        {
            if (!hosted.Contains(stage))
                yield return new(SignKind.NoStage, stage, $"No living process hosts {stage}: {does}");
        }

        if (hosted.Contains("write") && !processes.Any(IsLeading))
            yield return new(SignKind.NoWriter, "write", "No process writes the store: nothing reaches it");
    }

    private static IEnumerable<PipelineSign> Troubles(ProcessRecord process)
    {
        if (process.Facts["troubles"] is not JsonArray troubles)
            yield break;
        foreach (var trouble in troubles.OfType<JsonObject>())
            yield return new(SignKind.ProcessTrouble, $"{process.Role}:{Text(trouble, "check")}", $"{NameOf(process)}, {Text(trouble, "check")}: {Text(trouble, "why")}");
    }

    private static IEnumerable<PipelineSign> Waiting(ProcessRecord process, WatchOptions limits)
    {
        if (process.Facts["oldestUnforwardedSeconds"] is JsonValue value && value.TryGetValue<double>(out var seconds) && seconds >= limits.LagSeconds)
            yield return new(SignKind.Unforwarded, process.Role, $"{NameOf(process)}: events have waited in its log for {Said(seconds)}, Redis has not taken them");
    }

    private static string NameOf(ProcessRecord process) => $"{process.Role} on {process.Host} (process {process.Pid})";

    private static IEnumerable<string> HostedStages(ProcessRecord process) =>
        process.Facts["stages"] is JsonArray stages ? stages.OfType<JsonValue>().Select(s => s.TryGetValue<string>(out var name) ? name : "") : [];

    private static bool IsLeading(ProcessRecord process) => process.Facts["leader"] is JsonValue leader && leader.TryGetValue<bool>(out var leads) && leads;

    private static string Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static string Said(double seconds) => seconds < 120 ? $"{seconds:0} s" : seconds < 7200 ? $"{seconds / 60:0} min" : $"{seconds / 3600:0} h";
}

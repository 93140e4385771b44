using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Web.Pipeline;

/// <summary>All lanes together as a picture: places where events wait, and between them the stages that move them on, with what left there.</summary>
public sealed record Flow(IReadOnlyList<FlowPlace> Places, IReadOnlyList<FlowStep> Steps)
{
    private static readonly (string Title, string[] Streams)[] Queues =
        [("raw", ["raw", "raw-bulk"]), ("unique", ["unique"]), ("normalized", ["normalized"]), ("deltas", ["deltas"])];

    private static readonly string[] Stages = ["dedupe", "normalize", "aggregate", "write"];

    public static Flow Of(PipelineState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var places = new List<FlowPlace>
        {
            new("log", "collector logs", state.InLogs, state.Processes.Select(p => Number(p, "oldestUnforwardedSeconds")).DefaultIfEmpty().Max(), null),
        };
        foreach (var (title, streams) in Queues)
        {
            var depths = state.Lanes.SelectMany(l => l.Streams).Where(s => streams.Contains(s.Name)).ToList();
            var bulk = depths.Where(d => d.Name == "raw-bulk").Sum(d => d.Events);
            places.Add(new(title, title, depths.Sum(d => d.Events), depths.Select(d => d.OldestSeconds).DefaultIfEmpty().Max(), bulk > 0 ? bulk : null));
        }

        places.Add(new("store", "store", Total(state, Outcome.Stored), 0, null));
        var collectors = state.Processes.Count(p => p.Role == "collector");
        List<FlowStep> steps = [new("forward", collectors, Total(state, Outcome.Accepted), [])];
        foreach (var stage in Stages)
            steps.Add(new(stage, state.Processes.Count(p => Hosts(p, stage)), Passed(steps[^1]), Left(state, stage)));
        return new(places, steps);
    }

    /// <summary>What a stage had to deal with is what came to the one before, without what left there.</summary>
    private static long Passed(FlowStep before) => before.Into - before.Left.Sum(l => l.Events);

    private static List<FlowExit> Left(PipelineState state, string stage)
    {
        var totals = state.Lanes.SelectMany(l => l.Totals).Where(t => OutcomeGroups.StageOf(t.Key) == stage).GroupBy(t => t.Key, t => t.Value);
        var dead = state.Lanes.Sum(l => l.Notes.GetValueOrDefault("dead:" + stage));
        var left = totals.Select(t => new FlowExit(t.Key, t.Sum())).OrderByDescending(l => l.Events).ToList();
        if (dead > 0)
            left.Add(new(Outcome.Dead, dead));
        return left;
    }

    private static long Total(PipelineState state, string outcome) => state.Lanes.Sum(l => l.Totals.GetValueOrDefault(outcome));

    private static bool Hosts(ProcessRecord process, string stage) =>
        process.Facts["stages"] is JsonArray stages && stages.OfType<JsonValue>().Any(s => s.TryGetValue<string>(out var name) && name == stage);

    public static double Number(ProcessRecord process, string name) =>
        process.Facts[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : 0;
}

/// <param name="Events">Measured there now; for the store, what it has committed.</param>
/// <param name="Bulk">How many of them are in the queue for projects over their share.</param>
public sealed record FlowPlace(string Name, string Title, long Events, double OldestSeconds, long? Bulk);

/// <param name="Hosts">Living processes that do it.</param>
/// <param name="Into">Events that came or are to come to it, since the lanes were made.</param>
public sealed record FlowStep(string Name, int Hosts, long Into, IReadOnlyList<FlowExit> Left);

/// <summary>Events that left the pipeline at a stage, and why.</summary>
public sealed record FlowExit(string Outcome, long Events);

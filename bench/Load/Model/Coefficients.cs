using ErrorPipeline.Load.Contenders;

namespace ErrorPipeline.Load.Model;

/// <summary>
/// CPU microseconds that each part takes of an event. They fall with the rate, because batches grow and fold, so they are measured at several rates
/// (<see cref="Rung"/>) and read off between them. Over the size of the body they are a line through two sizes.
/// </summary>
/// <param name="Small">One size, slowest first.</param>
/// <param name="Large">Another size, slowest first.</param>
internal sealed record Coefficients(IReadOnlyList<Rung> Small, IReadOnlyList<Rung> Large)
{
    public const string Collector = "collector";
    public const string Redis = "redis";
    public const string Web = "web";
    public const string Write = "write";

    /// <summary>The stages whose processes are added as events grow more.</summary>
    public static IReadOnlyList<string> Stages { get; } = ["dedupe", "normalize", "aggregate"];

    /// <summary>All of them, in the order of the flow; then what all of them use.</summary>
    public static IReadOnlyList<string> Parts { get; } = [Collector, .. Stages, Write, Web, Redis];

    /// <summary>Collectors have a loop for each lane and so has the writer, stages one for each lane and process; Redis is called by both kinds about alike.</summary>
    public double Of(string part, double kb, Flow flow) => part switch
    {
        Collector or Web => AtRate(part, kb, flow.EachCollector),
        Write => AtRate(part, kb, flow.LikeMeasuredByLane),
        Redis => (AtRate(part, kb, flow.LikeMeasuredByLane) + AtRate(part, kb, flow.LikeMeasuredByLoop)) / 2,
        _ => AtRate(part, kb, flow.LikeMeasuredByLoop),
    };

    public double OfStages(double kb, Flow flow) => Stages.Sum(stage => Of(stage, kb, flow));

    public double All(double kb, Flow flow) => Parts.Sum(part => Of(part, kb, flow));

    private double AtRate(string part, double kb, double rate)
    {
        var (small, large) = (At(Small, part, rate), At(Large, part, rate));
        return Math.Max(0, small + ((large - small) * (kb - Small[0].Kb) / (Large[0].Kb - Small[0].Kb)));
    }

    /// <summary>Between two rungs a straight line on paper that is logarithmic both ways; beyond the last ones what they took.</summary>
    private static double At(IReadOnlyList<Rung> rungs, string part, double rate)
    {
        var above = rungs.FirstOrDefault(r => r.Rate >= rate) ?? rungs[^1];
        var below = rungs.LastOrDefault(r => r.Rate <= rate) ?? rungs[0];
        var (high, low) = (Math.Max(0.01, above.Cpu[part]), Math.Max(0.01, below.Cpu[part]));
        if (above.Rate <= below.Rate)
            return high;
        var way = Math.Log(rate / below.Rate) / Math.Log(above.Rate / below.Rate);
        return low * Math.Pow(high / low, way);
    }
}

/// <summary>What was measured at one rate.</summary>
/// <param name="Rate">Events a second.</param>
/// <param name="Kb">Mean size of a body.</param>
/// <param name="Cpu">Microseconds an event, by part.</param>
internal sealed record Rung(double Rate, double Kb, IReadOnlyDictionary<string, double> Cpu);

/// <summary>How events flow through one cell.</summary>
/// <param name="Rate">Events a second.</param>
/// <param name="Workers">Processes that each have a loop for every stage and lane.</param>
internal readonly record struct Flow(double Rate, int Lanes, int Workers, int Collectors)
{
    public double EachCollector => Rate / Collectors;

    /// <summary>The rate at which a lane of the measured installation gets what one gets here, and so makes batches as large.</summary>
    public double LikeMeasuredByLane => Rate * Ours.Lanes / Lanes;

    /// <summary>The same for a lane of one worker process.</summary>
    public double LikeMeasuredByLoop => LikeMeasuredByLane / Workers;
}

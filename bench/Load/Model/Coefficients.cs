using ErrorPipeline.Load.Contenders;

namespace ErrorPipeline.Load.Model;

/// <summary>
/// CPU microseconds that each part takes of an event. They fall with the rate, because batches grow and fold, so they are measured at several rates
/// (<see cref="Rung"/>) and read off between them. Over the size of the body they are a line through two sizes. Twice as many loops have batches
/// of half the size but share wake-ups, round trips and sockets: how much of a rate that costs is measured at one rate over twice the lanes.
/// </summary>
/// <param name="Small">One size, slowest first.</param>
/// <param name="Large">Another size, slowest first.</param>
/// <param name="Split">The first size over twice the lanes.</param>
internal sealed record Coefficients(IReadOnlyList<Rung> Small, IReadOnlyList<Rung> Large, Rung Split)
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
    public double Of(string part, double kb, Flow flow)
    {
        return part switch
        {
            Web => AtRate(part, kb, flow.Rate),
            Collector => Over(flow.EachCollector, flow.LaneLoops),
            Write => Over(flow.Rate, flow.LaneLoops),
            Redis => (Over(flow.Rate, flow.LaneLoops) + Over(flow.Rate, flow.StageLoops)) / 2,
            _ => Over(flow.Rate, flow.StageLoops),
        };

        double Over(double rate, double loops) => AtRate(part, kb, rate / Math.Pow(loops, Apart(part)));
    }

    /// <summary>
    /// How far the loops of a part are on their own: 0 where many cost what one with all of their events would, 1 where each costs what it would alone.
    /// </summary>
    public double Apart(string part)
    {
        const int halvings = 100;
        var (least, most) = (0.0, 1.0);
        for (var i = 0; i < halvings; i++)
        {
            var middle = (least + most) / 2;
            if (At(Small, part, Split.Rate / Math.Pow(2, middle)) < Split.Cpu[part])
                least = middle;
            else
                most = middle;
        }

        return least;
    }

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

    /// <summary>How many times the loops of the measured installation there are where each lane has one.</summary>
    public double LaneLoops => (double)Lanes / Ours.Lanes;

    /// <summary>The same where each lane has one in each worker process.</summary>
    public double StageLoops => LaneLoops * Workers;
}

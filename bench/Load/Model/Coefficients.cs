namespace ErrorPipeline.Load.Model;

/// <summary>
/// CPU microseconds that each part takes of an event. They fall with the rate, because batches grow and fold, so they are measured at several rates
/// (<see cref="Rung"/>) and read off between them. Over the size of the body they are a line through two sizes.
/// </summary>
/// <param name="Small">One size, slowest first.</param>
/// <param name="Large">Another size, slowest first.</param>
internal sealed record Coefficients(IReadOnlyList<Rung> Small, IReadOnlyList<Rung> Large)
{
    /// <summary>What the installation that was measured has: it makes the rate of one loop of its workers.</summary>
    public const int Lanes = 2;

    public const string Collector = "collector";
    public const string Redis = "redis";
    public const string Web = "web";
    public const string Write = "write";

    /// <summary>The stages whose processes are added as events grow more.</summary>
    public static IReadOnlyList<string> Stages { get; } = ["dedupe", "normalize", "aggregate"];

    private static IReadOnlyList<string> Parts { get; } = [Collector, .. Stages, Write, Web, Redis];

    public double Of(string part, double kb, Flow flow)
    {
        var rate = part is Collector or Web ? flow.EachCollector : flow.LikeMeasured;
        var (small, large) = (At(Small, part, rate), At(Large, part, rate));
        return Math.Max(0, small + ((large - small) * (kb - Small[0].Kb) / (Large[0].Kb - Small[0].Kb)));
    }

    public double OfStages(double kb, Flow flow) => Stages.Sum(stage => Of(stage, kb, flow));

    public double All(double kb, Flow flow) => Parts.Sum(part => Of(part, kb, flow));

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

    /// <summary>The rate at which a loop of the measured installation gets what one gets here, and so makes batches as large.</summary>
    public double LikeMeasured => Rate * Coefficients.Lanes / (Lanes * Workers);
}

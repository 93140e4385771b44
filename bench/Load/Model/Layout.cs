namespace ErrorPipeline.Load.Model;

/// <summary>
/// How many of each a rate takes. A writer and each Redis node work on one core; collectors and workers on all of their machine.
/// Projects are spread over as many installations ("cells") as it takes writers, because a store has one writer.
/// </summary>
/// <param name="Cells">Each with a writer and a store of its own.</param>
/// <param name="Lanes">Over all cells, like everything that follows.</param>
internal sealed record Layout(double Rate, int Cores, int Cells, int Collectors, int Workers, int RedisNodes, int Lanes)
{
    /// <summary>What is planned with, so that peaks and a lost machine have room.</summary>
    public const double Utilization = 0.6;

    private const int LanesANode = 2;

    /// <summary>Costs depend on the layout and the layout on the costs: it settles within a few turns.</summary>
    private const int MostTurns = 20;

    private Flow EachCell => new(Rate / Cells, Lanes / Cells, Workers / Cells, Collectors / Cells);

    public static Layout For(double rate, double kb, Coefficients costs, int cores)
    {
        var layout = new Layout(rate, cores, 1, 1, 1, 1, LanesANode);
        for (var turn = 0; turn < MostTurns; turn++)
        {
            var next = layout.Sized(kb, costs);
            if (next == layout)
                return layout;
            layout = next;
        }

        throw new InvalidOperationException($"no layout for {rate:N0}/s settles");
    }

    /// <summary>The tiers in the order of the flow, each with the events a second that it can take.</summary>
    public IReadOnlyList<Tier> Tiers(double kb, Coefficients costs) =>
    [
        new("collectors", Collectors * Cores * 1e6 / costs.Of(Coefficients.Collector, kb, EachCell)),
        new("redis", RedisNodes * 1e6 / costs.Of(Coefficients.Redis, kb, EachCell)),
        new("dedupe, normalize, aggregate", Workers * Cores * 1e6 / costs.OfStages(kb, EachCell)),
        new("writers", Cells * 1e6 / costs.Of(Coefficients.Write, kb, EachCell)),
    ];

    /// <summary>What the rate takes at the costs that it has in this layout. All cells are alike.</summary>
    private Layout Sized(double kb, Coefficients costs)
    {
        var cells = Count(costs.Of(Coefficients.Write, kb, EachCell), 1);
        var nodes = Each(costs.Of(Coefficients.Redis, kb, EachCell), 1);
        return this with
        {
            Cells = cells,
            RedisNodes = nodes,
            Lanes = nodes * LanesANode,
            Workers = Each(costs.OfStages(kb, EachCell), Cores),
            Collectors = Each(costs.Of(Coefficients.Collector, kb, EachCell), Cores),
        };

        int Count(double microseconds, int cores) => Math.Max(1, (int)Math.Ceiling(Rate * microseconds / 1e6 / cores / Utilization));

        int Each(double microseconds, int cores) => cells * (int)Math.Ceiling(Count(microseconds, cores) / (double)cells);
    }
}

internal sealed record Tier(string Name, double PerSecond);

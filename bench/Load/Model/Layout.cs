namespace ErrorPipeline.Load.Model;

/// <summary>
/// How many of each a rate takes. A writer and each Redis node work on one core; collectors and workers on all of their machine.
/// Projects are spread over as many installations ("cells") as it takes writers, because a store has one writer.
/// </summary>
/// <param name="Lanes">Over all cells.</param>
/// <param name="Shards">Stores, one a cell.</param>
internal sealed record Layout(double Rate, int Cores, int Cells, int Collectors, int Workers, int RedisNodes, int Lanes, int Shards)
{
    /// <summary>What is planned with, so that peaks and a lost machine have room.</summary>
    public const double Utilization = 0.6;

    public int Writers => Cells;

    public static Layout For(double rate, double kb, Coefficients costs, int cores)
    {
        var cells = Count(rate * costs.Of("write", kb), 1);
        var redis = Math.Max(cells, Count(rate * costs.Of("redis", kb), 1));
        var workers = Math.Max(cells, Count(rate * (costs.Of("dedupe", kb) + costs.Of("normalize", kb) + costs.Of("aggregate", kb)), cores));
        var collectors = Math.Max(cells, Count(rate * costs.Of("collector", kb), cores));
        return new(rate, cores, cells, collectors, workers, redis, Math.Max(2 * redis, 2 * cells), cells);
    }

    /// <summary>The tiers in the order of the flow, each with the events a second that it can take.</summary>
    public IReadOnlyList<Tier> Tiers(double kb, Coefficients costs) =>
    [
        new("collectors", Collectors * Cores * 1e6 / costs.Of("collector", kb)),
        new("redis", RedisNodes * 1e6 / costs.Of("redis", kb)),
        new("dedupe, normalize, aggregate", Workers * Cores * 1e6 / (costs.Of("dedupe", kb) + costs.Of("normalize", kb) + costs.Of("aggregate", kb))),
        new("writers", Writers * 1e6 / costs.Of("write", kb)),
    ];

    private static int Count(double microseconds, int cores) => Math.Max(1, (int)Math.Ceiling(microseconds / 1e6 / cores / Utilization));
}

internal sealed record Tier(string Name, double PerSecond);

using ErrorPipeline.Faults.Cases;

namespace ErrorPipeline.Faults.Suite;

/// <summary>All cases, in the order of docs/delivery.md.</summary>
internal static class Catalogue
{
    public static readonly List<FaultCase> All =
    [
        KilledAtRandom.Case,
        RedisStopped.Case,
    ];
}

namespace ErrorPipeline.Load.Parts;

/// <summary>What Redis alone could take.</summary>
internal static class Queue
{
    public static async Task<string> RunAsync(Plan plan)
    {
        var ceilings = new List<(int, double, double)>();
        foreach (var pipeline in RedisCeiling.Pipelines)
        {
            var (lpush, xadd) = await RedisCeiling.RunAsync(bytes: 1500, pipeline, plan.Quick ? 10_000 : 50_000);
            ceilings.Add((pipeline, lpush, xadd));
        }

        return Tables.Redis(ceilings);
    }
}

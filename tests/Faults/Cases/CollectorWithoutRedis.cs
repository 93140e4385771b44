using ErrorPipeline.Faults.Suite;

namespace ErrorPipeline.Faults.Cases;

/// <summary>The collector starts while Redis is down, with what it knew before.</summary>
internal static class CollectorWithoutRedis
{
    public static readonly FaultCase Case = new(5, "collector-without-redis", "the collector starts while Redis is down, takes events, and is killed once more", RunAsync) { IsQuick = true };

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync();
        var crowd = run.Send(site, new() { Run = "nord" });
        await crowd.UntilAcceptedAsync(200);

        await site.Apps.Collector.Kill9Async();
        await site.Apps.Redis.StopAsync();
        _ = run.See("sign redis_down", () => Signs.IsToldAsync(site.Apps, "redis_down"));
        site.Apps.Collector.StartAgain();
        var before = crowd.Accepted;
        await crowd.UntilAcceptedAsync(before + 300);
        await site.Apps.Collector.Kill9Async();
        site.Apps.Collector.StartAgain();
        before = crowd.Accepted;
        await crowd.UntilAcceptedAsync(before + 300);
        await run.WatchedAsync();
        await site.Apps.Redis.StartAgainAsync();

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
    }
}

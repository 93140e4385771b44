using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>Redis is well, the network to it is not. All apps go through a proxy of this suite.</summary>
internal static class RedisFarAway
{
    public static readonly FaultCase Slow = new(3, "redis-slow", "every answer of Redis is 500 ms late, for 30 s", run => RunAsync(run, run.Pick(8, 30), async (site, proxy) =>
    {
        _ = run.See("sign process_trouble, redis slow", () => Signs.IsToldAsync(site.Apps, "process_trouble", ":redis"));
        proxy.Latency = TimeSpan.FromMilliseconds(500);
        await Task.CompletedTask;
    }))
    {
        Seconds = 60,
    };

    public static readonly FaultCase AnswersLost = new(3, "redis-answers-lost", "connections are reset after the script ran and before its answer, for 15 s", run => RunAsync(run, run.Pick(6, 15), async (site, proxy) =>
    {
        var before = await ErrorsAsync(site);
        _ = run.See("errorpipeline_stage_errors_total rises", async () => await ErrorsAsync(site) > before);
        proxy.LostAnswers = 0.05;
    }))
    {
        IsQuick = true,
    };

    public static readonly FaultCase CutOff = new(3, "redis-cut-off", "connections to Redis stay open and nothing passes, for 20 s", run => RunAsync(run, run.Pick(8, 20), async (site, proxy) =>
    {
        _ = run.See("workers not ready: redis", () => Signs.IsUnreadyAsync(site.Apps.Workers[0], "redis"));
        proxy.CutOff();
        await Task.CompletedTask;
    }))
    {
        Seconds = 50,
    };

    private static async Task RunAsync(FaultRun run, int seconds, Func<Site, TcpProxy, Task> begin)
    {
        TcpProxy? proxy = null;
        var site = await run.StartAsync(new()
        {
            RedisAddress = redis => (proxy = run.Keep(TcpProxy.Start(redis.Port, run.Seed))).Endpoint,
            Settings = Some.QuickReclaim,
        });
        var crowd = run.Send(site, new CrowdOptions { Run = "farr" });
        await crowd.UntilAcceptedAsync(200);

        await begin(site, proxy!);
        await Task.Delay(TimeSpan.FromSeconds(seconds), run.Cancel);
        await run.WatchedAsync();
        (proxy!.Latency, proxy.LostAnswers) = (TimeSpan.Zero, 0);
        proxy.Restore();

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(90));
        run.Check(crowd.Unanswered == 0, $"{crowd.Unanswered} requests were not answered 202 at once");
        if (proxy.Lost > 0)
            run.Note($"{proxy.Lost} answers lost");
    }

    private static Task<double> ErrorsAsync(Site site) => Signs.SumAsync(site.Apps.Workers, "errorpipeline_stage_errors_total");
}

using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>Each kind of process once, started again at once as ./dev up does: how long until everything goes through as before.</summary>
internal static class KilledOneByOne
{
    public static readonly FaultCase Case = new(1, "killed-one-by-one", "kill -9 of the collector, each worker and Redis in turn: full throughput within 10 s", RunAsync) { Seconds = 70, IsTimed = true };

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync(new() { Workers = [[], []] });
        var crowd = run.Send(site, new() { Run = "each" });
        await crowd.UntilAcceptedAsync(500);
        await run.RecoverAsync(site, crowd);

        foreach (var app in site.Apps.Workers.Prepend(site.Apps.Collector))
            await KillAsync(run, site, crowd, app.App, app.Kill9Async, () => Task.FromResult(app.StartAgain));
        await KillAsync(run, site, crowd, "redis", site.Apps.Redis.Kill9Async, async () =>
        {
            await site.Apps.Redis.StartAgainAsync();
            return () => { };
        });

        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
    }

    private static async Task KillAsync(FaultRun run, Site site, Oracle.Crowd crowd, string name, Func<Task> kill, Func<Task<Action>> start)
    {
        var before = crowd.Rate(TimeSpan.FromSeconds(3));
        var alive = await Signs.ProcessesAsync(site.Apps);
        var watched = Array.Find([.. site.Apps.Workers, site.Apps.Collector], a => a.App == name);
        _ = name == "redis"
            ? run.See("pipeline page: Redis does not answer", async () => (await Signs.PipelineAsync(site.Apps))?.GetProperty("redisProblem").GetString() is not null)
            : run.See($"pipeline page: another {name} process", async () => (await Signs.ProcessesAsync(site.Apps)).Except(alive).Any());
        await kill();
        run.Check(watched is null || name == "redis" || alive.Count > 0, "the pipeline page shows no processes");
        var recovering = run.RecoverAsync(site, crowd, allowedSeconds: 10, before);
        await Task.Delay(500, run.Cancel);
        (await start())();
        await recovering;
    }
}

using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>Redis loses what it had confirmed. The logs fill the gap; what was stored and forgotten counts twice, within a bound, and flagged.</summary>
internal static class RedisForgets
{
    public static readonly FaultCase Flushed = new(3, "redis-flushed", "FLUSHALL under load: nothing lost; doubled at most what came in since the last settled mark, flagged", FlushAsync) { IsQuick = true };

    public static readonly FaultCase RolledBack = new(3, "redis-rolled-back", "Redis is killed and starts from a copy of its append-only file that is seconds old", RollBackAsync) { Seconds = 45 };

    private static async Task FlushAsync(FaultRun run)
    {
        var site = await run.StartAsync();
        var crowd = run.Send(site, new() { Run = "flus", Events = 1000 });
        await Deadline.Until(() => crowd.Done, TimeSpan.FromSeconds(60));
        // Where all is quiet the collector learns that everything is stored, and keeps that over a flush.
        await site.SettleAsync(crowd.Accepted, TimeSpan.FromSeconds(60));
        await Task.Delay(TimeSpan.FromSeconds(8), run.Cancel);

        var second = run.Send(site, new() { Run = "flut" });
        await second.UntilAcceptedAsync(run.Pick(300, 1500));
        await ForgetAsync(run, site, () => site.Books.Redis.ExecuteAsync("FLUSHALL"));
        var most = second.Accepted;

        await second.UntilAcceptedAsync(most + 300);
        await run.RecoverAsync(site, second);
        await CompareAsync(run, site, most, crowd, second);
    }

    private static async Task RollBackAsync(FaultRun run)
    {
        var site = await run.StartAsync();
        var crowd = run.Send(site, new() { Run = "roll" });
        await crowd.UntilAcceptedAsync(500);
        var copy = Path.Combine(site.Apps.DataFolder, "copy");
        var file = Path.Combine(site.Apps.Redis.DataFolder, "appendonlydir");
        site.Apps.Redis.Pause();
        var stored = site.Store.Events;
        await CopyAsync(file, copy);
        site.Apps.Redis.Resume();
        await Task.Delay(TimeSpan.FromSeconds(run.Pick(4, 8)), run.Cancel);
        // On a slow machine nothing may have come through by then, and there would be nothing to forget.
        await Deadline.Until(() => site.Store.Events > stored + 100, TimeSpan.FromSeconds(60), null, "something is stored that the copy does not know");

        var most = 0L;
        await ForgetAsync(run, site, async () =>
        {
            await site.Apps.Redis.Kill9Async();
            most = crowd.Accepted - stored;
            Directory.Delete(file, recursive: true);
            await CopyAsync(copy, file);
            await site.Apps.Redis.StartAgainAsync();
        });

        await crowd.UntilAcceptedAsync(crowd.Accepted + 300);
        await run.RecoverAsync(site, crowd);
        await CompareAsync(run, site, most, crowd);
    }

    private static async Task ForgetAsync(FaultRun run, Site site, Func<Task> forget)
    {
        var rewinds = await Signs.SumAsync([site.Apps.Collector], "errorpipeline_collector_forward_rewinds_total");
        _ = run.See("errorpipeline_collector_forward_rewinds_total rises", async () => await Signs.SumAsync([site.Apps.Collector], "errorpipeline_collector_forward_rewinds_total") > rewinds);
        _ = run.See("pipeline page: approximate since", async () => (await Signs.PipelineAsync(site.Apps))?.GetProperty("approximate").GetArrayLength() > 0);
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await forget();
        await Deadline.Until(() => site.Store.Approximate.Count > 0, TimeSpan.FromSeconds(40), null, "the interval is flagged");
        run.Check(site.Store.Approximate.All(i => i.FromMs < at && i.ToMs >= at - 1000), $"the flagged intervals do not hold the moment of the loss: {string.Join(", ", site.Store.Approximate)} at {at}");
    }

    private static async Task CompareAsync(FaultRun run, Site site, long most, params Crowd[] crowds)
    {
        await run.CompareAsync(site, crowds, TimeSpan.FromSeconds(90), most);
        run.Note($"at most {most} might have been doubled");
    }

    private static Task CopyAsync(string from, string to) => ChildProcess.RunAsync("cp", ["-a", from, to], TimeSpan.FromSeconds(20));
}

using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// An aggregate worker stands still with a batch in its hands for three times as long as entries are left alone, and then hops it.
/// Another has long done so; the hop's gate must keep the late one out.
/// </summary>
internal static class PausedAggregate
{
    public static readonly FaultCase Case = new(2, "paused-aggregate", "SIGSTOP an aggregate worker that holds a batch for three lease times: its late hop has no effect", RunAsync) { Seconds = 45, IsQuick = true };

    private static async Task RunAsync(FaultRun run)
    {
        string[] aggregate = ["--stages", "aggregate"];
        var site = await run.StartAsync(new()
        {
            Workers = [aggregate, aggregate, ["--stages", "dedupe,normalize"], ["--stages", "write"]],
            Settings = Some.QuickReclaim,
        });
        var (sleeper, writer) = (site.Apps.Workers[0], site.Apps.Workers[3]);
        var crowd = run.Send(site, new() { Run = "aggr" });
        await crowd.UntilAcceptedAsync(200);

        // Without the writer's floor no hop of aggregate happens: whoever has read a batch holds it.
        writer.Pause();
        foreach (var lane in Lane.All(2))
            await site.Books.Redis.ExecuteAsync("DEL", (RedisKey)lane.Floor);
        var held = await Signs.MetricAsync(sleeper, "errorpipeline_hop_below_floor_total") ?? 0;
        await Deadline.Until(async () => await Signs.MetricAsync(sleeper, "errorpipeline_hop_below_floor_total") > held, TimeSpan.FromSeconds(30));
        sleeper.Pause();
        writer.Resume();
        _ = run.See("workers: /healthz/live does not answer", () => Signs.IsSilentAsync(sleeper));
        await Task.Delay(TimeSpan.FromSeconds(6), run.Cancel);
        var other = site.Apps.Workers[1];
        await Deadline.Until(async () => await Signs.SumAsync([other], "errorpipeline_stage_reclaimed_total", "stage=\"aggregate\"") > 0, TimeSpan.FromSeconds(30));
        sleeper.Resume();

        await Deadline.Until(async () => await Signs.SumAsync([sleeper], "errorpipeline_hop_lost_total", "stage=\"aggregate\"") > 0, TimeSpan.FromSeconds(20), null, "its hop is refused");
        run.Note($"{await Signs.SumAsync(site.Apps.Workers, "errorpipeline_hop_lost_total")} entries lost to others");
        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
    }
}

using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Faults.Cases;

/// <summary>Everything comes more than once, from outside and from inside.</summary>
internal static class ThriceAndStolen
{
    public static readonly FaultCase Thrice = new(7, "sent-three-times", "every request is sent three times, two workers at it", ThriceAsync) { Seconds = 30, IsQuick = true };

    public static readonly FaultCase Stolen = new(7, "claimed-all-the-time", "a second worker, and a thief, XCLAIM every entry all the time", StealAsync) { Seconds = 60 };

    private static async Task ThriceAsync(FaultRun run)
    {
        var site = await run.StartAsync(new() { Workers = [[], []] });
        var crowd = run.Send(site, new() { Run = "thri", Copies = 3 });
        await crowd.UntilAcceptedAsync(run.Pick(500, 3000), TimeSpan.FromSeconds(120));
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
        run.Check((await site.Books.ReadAsync()).Sum(l => l.Totals.GetValueOrDefault("duplicate")) >= 2 * crowd.Accepted, "fewer duplicates than were sent");
    }

    private static async Task StealAsync(FaultRun run)
    {
        var site = await run.StartAsync(new()
        {
            Workers = [[], []],
            Settings = Some.QuickReclaim,
            // Takes over whatever nobody has touched for a tenth of a second: the other's work, as a rule, while it is at it.
            Change = start => start is { App: "workers", Index: 1 } ? start.With("Workers:ReclaimAfterSeconds", "0.1") : start,
        });
        var crowd = run.Send(site, new() { Run = "stol" });
        await crowd.UntilAcceptedAsync(200);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(run.Cancel);
        var stealing = StealAsync(site, over.Token);
        _ = run.See("errorpipeline_hop_lost_total rises", async () => await Signs.SumAsync(site.Apps.Workers, "errorpipeline_hop_lost_total") > 0);
        await Task.Delay(TimeSpan.FromSeconds(run.Pick(6, 25)), run.Cancel);
        await over.CancelAsync();
        var stolen = await stealing;

        await run.RecoverAsync(site, crowd, allowedSeconds: 90);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(120));
        run.Note($"{stolen} entries claimed by the thief, {await Signs.SumAsync(site.Apps.Workers, "errorpipeline_hop_lost_total")} hops refused, {await Signs.SumAsync(site.Apps.Workers, "errorpipeline_stage_quarantined_total")} messages tried in quarantine");
    }

    /// <summary>Takes over every entry that anybody holds, and does nothing with it.</summary>
    private static async Task<int> StealAsync(Site site, CancellationToken over)
    {
        var stolen = 0;
        while (!over.IsCancellationRequested)
        {
            foreach (var stream in Lane.All(2).SelectMany(lane => new[] { lane.Raw, lane.RawBulk, lane.Unique, lane.Normalized }))
            {
                var answer = (RedisResult[])await site.Books.Redis.ExecuteAsync("XAUTOCLAIM", (RedisKey)stream, "workers", "thief", 0, "0", "COUNT", 100, "JUSTID");
                stolen += ((RedisResult[])answer[1]).Length;
            }

            await Task.Delay(50, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return stolen;
    }
}

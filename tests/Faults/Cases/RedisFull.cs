using System.Globalization;
using System.Text.Json.Nodes;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// Redis is at its memory limit with more queued than that, and the leader dies there: it must drain by itself, the lock must be free to take,
/// and the collector goes on answering 202 meanwhile.
/// </summary>
internal static class RedisFull
{
    public static readonly FaultCase Case = new(3, "redis-full", "maxmemory below what is queued, the leader killed there: it drains, nobody raises the limit", RunAsync) { Seconds = 50, IsQuick = true };

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync(new() { Workers = [[], []], Settings = Some.QuickReclaim });
        var redis = site.Books.Redis;
        // Long enough that what is queued outweighs everything else that Redis holds.
        var crowd = run.Send(site, new() { Run = "full", Clients = 4, Dress = (_, made) => made["meta"] = new JsonObject { ["notes"] = new string('x', 3000) } });
        await crowd.UntilAcceptedAsync(200);
        var idle = await UsedAsync();

        foreach (var worker in site.Apps.Workers)
            worker.Pause();
        var before = crowd.Accepted;
        await Deadline.Until(() => crowd.Accepted > before + run.Pick(3_000, 6_000), TimeSpan.FromSeconds(60));
        // The lock of the leader that stands still is still there or has expired; both must do.
        var limit = idle + ((await UsedAsync() - idle) * 3 / 4);
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", limit);
        _ = run.See("errorpipeline_collector_oldest_unforwarded_seconds above 2", async () => await Signs.MetricAsync(site.Apps.Collector, "errorpipeline_collector_oldest_unforwarded_seconds") > 2);
        await Task.Delay(TimeSpan.FromSeconds(4), run.Cancel);
        await site.Apps.Workers[0].Kill9Async();
        site.Apps.Workers[1].Resume();
        await Task.Delay(TimeSpan.FromSeconds(2), run.Cancel);
        await site.Apps.Workers[1].Kill9Async();
        foreach (var worker in site.Apps.Workers)
            worker.StartAgain();

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(90));
        run.Note($"limit at {limit / 1e6:0} MB, {await UsedAsync() / 1e6:0} MB used at the end");

        async Task<long> UsedAsync() => ((string)(await redis.ExecuteAsync("INFO", "memory"))!).Split('\n')
            .Where(l => l.StartsWith("used_memory:", StringComparison.Ordinal)).Select(l => long.Parse(l.Split(':')[1], CultureInfo.InvariantCulture)).Single();
    }
}

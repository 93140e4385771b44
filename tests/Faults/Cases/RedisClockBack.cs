using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// Redis forgets everything and comes back with a clock an hour behind, as after a move to another machine: its new ids are all before the
/// writer's cursor. No delta may get one, or nobody would ever read it.
/// </summary>
internal static class RedisClockBack
{
    public static readonly FaultCase Case = new(3, "redis-clock-back", "FLUSHALL, and a clock an hour behind the writer's cursor from then on", RunAsync) { Seconds = 35, IsQuick = true };

    private const string BelowFloor = "errorpipeline_hop_below_floor_total";

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync(new() { Workers = [["--stages", "write"], ["--stages", "dedupe,normalize,aggregate"]] });
        var (writer, stages) = (site.Apps.Workers[0], site.Apps.Workers[1]);
        // An hour ahead from the first delta on: the ids after the flush, by the true clock, are an hour behind.
        var ahead = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        foreach (var lane in Lane.All(2))
        {
            await site.Books.Redis.ExecuteAsync("XADD", (RedisKey)lane.Deltas, $"{ahead}-0", "v", "0");
            await site.Books.Redis.ExecuteAsync("XDEL", (RedisKey)lane.Deltas, $"{ahead}-0");
        }

        var crowd = run.Send(site, new() { Run = "back" });
        await crowd.UntilAcceptedAsync(run.Pick(500, 1500));
        await Deadline.Until(() => site.Store.Events > 100, TimeSpan.FromSeconds(30));
        // The writer stands still until deltas would have been added without its floor: they are refused, or they are there.
        writer.Pause();
        await site.Books.Redis.ExecuteAsync("FLUSHALL");
        var most = crowd.Accepted;
        var refused = await Signs.SumAsync([stages], BelowFloor);
        _ = run.See($"{BelowFloor} rises", async () => await Signs.SumAsync([stages], BelowFloor) > refused);
        await Deadline.Until(
            async () => await Signs.SumAsync([stages], BelowFloor) > refused || await DeltasAsync(site) > 0, TimeSpan.FromSeconds(40), null, "aggregate comes to its hop");
        writer.Resume();

        await crowd.UntilAcceptedAsync(most + run.Pick(500, 1500));
        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60), most);
    }

    private static async Task<long> DeltasAsync(Site site)
    {
        var length = 0L;
        foreach (var lane in Lane.All(2))
            length += (long)await site.Books.Redis.ExecuteAsync("XLEN", (RedisKey)lane.Deltas);
        return length;
    }
}

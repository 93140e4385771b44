using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// The power of the collector's machine is cut while its log is all there is of the events, since Redis is away:
/// what was answered 202 must be on the disk itself, not in the kernel's memory.
/// </summary>
internal static class PowerCut
{
    public static readonly FaultCase Case = new(5, "power-cut", "the collector's disk loses all that was not synced, Redis being away", RunAsync) { Seconds = 30, IsQuick = true };

    private static async Task RunAsync(FaultRun run)
    {
        var disk = run.Keep(await LoopDisk.MountAsync(64));
        var site = await run.StartAsync(new() { Settings = new Dictionary<string, string> { ["Collector:LogDirectory"] = Path.Combine(disk.Path, "log") } });
        await site.Apps.Redis.Kill9Async();
        var crowd = run.Send(site, new() { Run = "powr" });
        await crowd.UntilAcceptedAsync(run.Pick(300, 1500));
        await crowd.StopAsync();

        _ = run.See("collector: /healthz/live does not answer", () => Signs.IsSilentAsync(site.Apps.Collector));
        await site.Apps.Collector.Kill9Async();
        await run.WatchedAsync();
        await disk.CutPowerAsync();
        await site.Apps.Redis.StartAgainAsync();
        site.Apps.Collector.StartAgain();

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
    }
}

using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// Two builds side by side. What the newer one adds the older passes over; what it cannot read it parks, with an alarm, and the upgrade goes on
/// with it; then the newer one is taken back.
/// </summary>
internal static class VersionsApart
{
    public static readonly FaultCase Case = new(9, "versions-apart", "version N beside N+1: an added field, an unknown version parked until the upgrade, roll back", RunAsync) { Seconds = 80 };

    private static async Task RunAsync(FaultRun run)
    {
        using var folder = new TempFolder();
        var mode = folder["next-version"];
        var site = await run.StartAsync(new()
        {
            Workers = [["--stages", "dedupe,write"], ["--stages", "normalize,aggregate"], ["--stages", "normalize"], ["--stages", "aggregate"]],
            Settings = Some.QuickReclaim,
            Change = start => start is { App: "workers", Index: >= 2 }
                ? start with { Dll = Some.DllOf("PoisonWorker"), Environment = new Dictionary<string, string> { ["NEXT_VERSION"] = mode } }
                : start,
        });
        var (now, newer, upgrade) = (site.Apps.Workers[1], site.Apps.Workers[2], site.Apps.Workers[3]);
        await upgrade.TerminateAsync();
        var crowd = run.Send(site, new() { Run = "vers" });
        await crowd.UntilAcceptedAsync(run.Pick(300, 1000));
        await run.RecoverAsync(site, crowd);
        await Deadline.Until(async () => await MovedAsync(newer) > 0 && await MovedAsync(now) > 0, TimeSpan.FromSeconds(60), null, "both builds take part");

        await newer.TerminateAsync();
        await File.WriteAllTextAsync(mode, "unknown");
        newer.StartAgain();
        _ = run.See("sign parked", () => Signs.IsToldAsync(site.Apps, "parked"));
        _ = run.See("errorpipeline_stage_parked_total", async () => await Signs.SumAsync([now], "errorpipeline_stage_parked_total") > 0);
        await run.WatchedAsync();
        var parked = await WaitingAsync(site, "parked");
        run.Check(parked > 0, "nothing is parked");
        run.Note($"{parked} events were parked");

        await now.TerminateAsync();
        upgrade.StartAgain();
        await run.RecoverAsync(site, crowd);

        // What the newer build has made is read by it, too, before it goes.
        await newer.TerminateAsync();
        await Deadline.Until(async () => await WaitingAsync(site, "normalized") == 0, TimeSpan.FromSeconds(60), null, "the newer build has read what it made");
        await upgrade.TerminateAsync();
        now.StartAgain();
        await crowd.UntilAcceptedAsync(crowd.Accepted + 200);
        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
        run.Check((await site.Books.ReadAsync()).All(l => l.DeadLetters == 0), "a newer message went to the dead letters");
    }

    private static async Task<long> WaitingAsync(Site site, string stream) => (await site.Books.ReadAsync()).Sum(l => l.Streams.Single(s => s.Name == stream).Events);

    private static Task<double> MovedAsync(AppProcess app) => Signs.SumAsync([app], "errorpipeline_stage_events_total", "stage=\"normalize\"");
}

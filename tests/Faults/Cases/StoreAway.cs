using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>The store cannot be written for a while. What comes in waits in front of it.</summary>
internal static class StoreAway
{
    public static readonly FaultCase Locked = new(4, "store-locked", "another process holds the store's lock for 60 s", LockAsync) { Seconds = 90 };

    public static readonly FaultCase DiskFull = new(4, "store-disk-full", "the store's file system is full to the last byte for 15 s", FillAsync) { Seconds = 50 };

    private static async Task LockAsync(FaultRun run)
    {
        var site = await run.StartAsync();
        var crowd = run.Send(site, new() { Run = "lock" });
        await crowd.UntilAcceptedAsync(200);

        using (StoreLock.Take(site.Store.File))
        {
            SeeTrouble(run, site);
            await Task.Delay(TimeSpan.FromSeconds(run.Pick(12, 60)), run.Cancel);
            await run.WatchedAsync();
        }

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
    }

    private static async Task FillAsync(FaultRun run)
    {
        var disk = run.Keep(await SmallDisk.MountAsync(megabytes: 24));
        var file = Path.Combine(disk.Path, "errors.db");
        var site = await run.StartAsync(new() { Settings = new Dictionary<string, string> { ["Store:Errors"] = file } }, new StoreFile(file));
        var crowd = run.Send(site, new() { Run = "dskf" });
        await crowd.UntilAcceptedAsync(200);
        await run.RecoverAsync(site, crowd);

        disk.Fill();
        SeeTrouble(run, site);
        await Task.Delay(TimeSpan.FromSeconds(run.Pick(8, 15)), run.Cancel);
        await run.WatchedAsync();
        disk.Empty();

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
        run.Check(site.Store.Integrity == "ok", $"integrity_check says {site.Store.Integrity}");
    }

    private static void SeeTrouble(FaultRun run, Site site)
    {
        _ = run.See("workers not ready: writer", () => Signs.IsUnreadyAsync(site.Apps.Workers[0], "writer"));
        _ = run.See("sign process_trouble, workers:writer", () => Signs.IsToldAsync(site.Apps, "process_trouble", "workers:writer"));
    }
}

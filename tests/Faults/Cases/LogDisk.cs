using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>The collector cannot make anything durable: then it must not say that it has.</summary>
internal static class LogDisk
{
    public static readonly FaultCase Full = new(5, "log-disk-full", "the disk of the collector's log is full to the last byte: 503, never a 202", FillAsync) { IsQuick = true };

    public static readonly FaultCase Failing = new(5, "log-disk-failing", "writes to the collector's log fail: 503, never a 202", FailAsync);

    private static async Task FillAsync(FaultRun run)
    {
        var disk = run.Keep(await SmallDisk.MountAsync(megabytes: 16));
        await RunAsync(run, Path.Combine(disk.Path, "log"), () =>
        {
            disk.Fill();
            return Task.CompletedTask;
        },
        () =>
        {
            disk.Empty();
            return Task.CompletedTask;
        });
    }

    /// <summary>The file that is open and the folder are made immutable under the process, which holds for root and for open files.</summary>
    private static async Task FailAsync(FaultRun run)
    {
        using var folder = new TempFolder();
        var log = Path.Combine(Places.Root, "artifacts", "faults", Path.GetFileName(folder.Path));
        try
        {
            await RunAsync(run, log, () => ChangeAsync("+i"), () => ChangeAsync("-i"));
        }
        finally
        {
            await ChildProcess.RunAsync("chattr", ["-R", "-i", log], TimeSpan.FromSeconds(10));
        }

        async Task ChangeAsync(string how)
        {
            var (code, output) = await ChildProcess.RunAsync("chattr", ["-R", how, log], TimeSpan.FromSeconds(10));
            if (code != 0)
                throw new CannotRunException($"files cannot be made immutable: {output.Trim()}");
        }
    }

    private static async Task RunAsync(FaultRun run, string log, Func<Task> begin, Func<Task> end)
    {
        var site = await run.StartAsync(new()
        {
            Settings = new Dictionary<string, string> { ["Collector:LogDirectory"] = log, ["Collector:LogSegmentBytes"] = "65536", ["Collector:LogReplayBytes"] = "1000000" },
        });
        var crowd = run.Send(site, new() { Run = "logf" });
        await crowd.UntilAcceptedAsync(300);

        await begin();
        _ = run.See("collector not ready: log", () => Signs.IsUnreadyAsync(site.Apps.Collector, "log"));
        _ = run.See("sign process_trouble, collector:log", () => Signs.IsToldAsync(site.Apps, "process_trouble", "collector:log"));
        await run.WatchedAsync();
        var before = crowd.Accepted;
        await Task.Delay(TimeSpan.FromSeconds(run.Pick(2, 10)), run.Cancel);
        run.Check(crowd.Accepted == before, $"{crowd.Accepted - before} events were answered 202 that could not be written");
        run.Check(site.Apps.Collector.Running, "the collector has ended");
        using (var sender = new EventSender(site.Apps.Collector.Url, site.Apps.Key))
            run.Check(await sender.PostAsync("""[{"type":"Error","message":"not taken"}]""") == 503, "the answer is not 503");
        await end();

        await crowd.UntilAcceptedAsync(before + 100);
        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
        run.Check(crowd.Unanswered > 0, "no request was refused");
    }
}

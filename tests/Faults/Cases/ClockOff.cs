using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>The clock of one process is an hour ahead, or behind; that of the collector, that of a worker, that of the writer.</summary>
internal static class ClockOff
{
    public static readonly FaultCase Case = new(8, "clock-off", "the clock of one process after the other is off by an hour, both ways", RunAsync) { Seconds = 100, IsQuick = true };

    private static async Task RunAsync(FaultRun run)
    {
        const int Hour = 3600;
        (string App, int Index, int Seconds)[] wrong =
            [("collector", 0, +Hour), ("collector", 0, -Hour), ("workers", 0, +Hour), ("workers", 0, -Hour), ("workers", 1, +Hour), ("workers", 1, -Hour)];
        foreach (var (app, index, seconds) in wrong.Take(run.Pick(1, wrong.Length)))
            await RunAsync(run, app, index, seconds);
    }

    private static async Task RunAsync(FaultRun run, string app, int index, int seconds)
    {
        var library = Directory.GetDirectories("/usr/lib").Append("/usr/lib")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
            ?? throw new CannotRunException("libfaketime is not installed (Debian: faketime)");
        var wrong = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME"] = $"{seconds:+0;-0}s",
            // Only the wall clock of a real machine is ever wrong.
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",
        };
        var began = Now();
        await using var site = await run.StartAsync(new()
        {
            Workers = [["--stages", "dedupe,normalize,aggregate"], ["--stages", "write"]],
            Change = start => start.App == app && start.Index == index ? start with { Environment = wrong } : start,
        });
        await run.IsWrongAsync(site, app, index, seconds);
        _ = run.See($"sign process_trouble, {app}:clock", () => Signs.IsToldAsync(site.Apps, "process_trouble", $"{app}:clock"));
        var crowd = run.Send(site, new() { Run = "cloc" });
        await crowd.UntilAcceptedAsync(run.Pick(300, 1000));
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));

        var (first, last) = (site.Store.FirstSeen, site.Store.LastSeen);
        var (oldest, newest) = (began - TimeSpan.FromHours(1).TotalMilliseconds - 5000, Now() + TimeSpan.FromMinutes(1).TotalMilliseconds + 5000);
        // An hour early is what a process that is behind believes; nothing of ours is ever seen in the future.
        run.Check(first >= oldest && last <= newest, $"{app} off by {seconds} s: seen from {(first - began) / 1000} s to {(last - began) / 1000} s after the start");
        run.Note($"{app} {index} off by {seconds:+0;-0} s: seen from {(first - began) / 1000} s to {(last - began) / 1000} s after the start");
    }

    /// <summary>A clock that was not changed would prove nothing.</summary>
    private static async Task IsWrongAsync(this FaultRun run, Site site, string app, int index, int seconds)
    {
        var started = 0L;
        await Deadline.Until(
            async () =>
            {
                if (await Signs.PipelineAsync(site.Apps) is not { } page)
                    return false;
                var pid = app == "collector" ? site.Apps.Collector.Pid : site.Apps.Workers[index].Pid;
                foreach (var process in page.GetProperty("processes").EnumerateArray().Where(p => p.GetProperty("pid").GetInt32() == pid))
                    started = process.GetProperty("startedAt").GetInt64();
                return started != 0;
            },
            TimeSpan.FromSeconds(40));
        run.Check(Math.Abs((started - Now()) / 1000.0 - seconds) < 300, $"the clock of {app} is off by {(started - Now()) / 1000} s, not by {seconds}");
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}

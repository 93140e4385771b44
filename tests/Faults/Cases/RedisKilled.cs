using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>kill -9 of Redis while something else keeps its disk busy: what it answered it must have written.</summary>
internal static class RedisKilled
{
    public static readonly FaultCase Case = new(3, "redis-killed", "kill -9 of Redis, five times, while the disk is busy with other writes", RunAsync) { Seconds = 60 };

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync();
        var crowd = run.Send(site, new() { Run = "redk" });
        await crowd.UntilAcceptedAsync(200);
        await using var busy = ChildProcess.Start("sh", ["-c", $"while :; do dd if=/dev/zero of='{site.Apps.DataFolder}/busy' bs=256k count=40 oflag=dsync 2>/dev/null; done"]);

        _ = run.See("sign redis_down", () => Signs.IsToldAsync(site.Apps, "redis_down"));
        for (var i = 0; i < run.Pick(2, 5); i++)
        {
            await Task.Delay(run.Random.Next(1500, 3500), run.Cancel);
            await site.Apps.Redis.Kill9Async();
            // The first is long enough for whoever looks every five seconds.
            await Task.Delay(i == 0 ? 7000 : run.Random.Next(200, 1500), run.Cancel);
            await site.Apps.Redis.StartAgainAsync();
        }

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
        run.Check(crowd.Unanswered == 0, $"{crowd.Unanswered} requests were not answered 202 at once");
    }
}

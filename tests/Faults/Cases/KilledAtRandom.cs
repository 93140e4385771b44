using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>The promise in its plainest form: any of the processes dies at any moment, again and again.</summary>
internal static class KilledAtRandom
{
    public static readonly FaultCase Case = new(1, "killed-at-random", "kill -9 of a random process every 1 to 5 s under load", RunAsync)
    {
        Seeds = 3,
        Seconds = 210,
        IsQuick = true,
    };

    private static async Task RunAsync(FaultRun run)
    {
        // Two processes of workers: stages are shared, and a second writer stands by.
        var site = await run.StartAsync(new() { Workers = [[], []], Settings = Some.QuickReclaim });
        var crowd = run.Send(site, new() { Run = "kill" });
        await crowd.UntilAcceptedAsync(100);

        var alive = await Signs.ProcessesAsync(site.Apps);
        _ = run.See("pipeline page: processes that were not there before", async () => (await Signs.ProcessesAsync(site.Apps)).Except(alive).Any());
        AppProcess[] apps = [site.Apps.Collector, .. site.Apps.Workers];
        var kills = run.Pick(8, 50);
        for (var i = 0; i < kills; i++)
        {
            if (i % 10 == 9)
                run.Say($"{i + 1} kills; {crowd.Accepted} accepted, {site.Store.Events} stored");
            await Task.Delay(run.Pick(run.Random.Next(300, 2000), run.Random.Next(1000, 5000)), run.Cancel);
            var target = run.Random.Next(apps.Length + 1);
            var down = run.Random.Next(0, 1500);
            if (target == apps.Length)
            {
                await site.Apps.Redis.Kill9Async();
                await Task.Delay(down, run.Cancel);
                await site.Apps.Redis.StartAgainAsync();
                continue;
            }

            await apps[target].Kill9Async();
            await Task.Delay(down, run.Cancel);
            apps[target].StartAgain();
        }

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(90));
        run.Note($"{kills} kills");
    }
}

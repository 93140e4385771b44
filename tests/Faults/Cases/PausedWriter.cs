using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// The leading writer stands still in the middle of a commit, for three times as long as its lock lives, and then goes on as if nothing had been.
/// By then another leads; the store's token must keep the late commit out.
/// </summary>
internal static class PausedWriter
{
    private static readonly TimeSpan ThreeLeases = TimeSpan.FromSeconds(9);

    public static readonly FaultCase Case = new(2, "paused-writer", "SIGSTOP the leading writer in a commit for three lease times: its late commit is fenced off", RunAsync) { Seconds = 60 };

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync(new() { Workers = [["--stages", "write"], ["--stages", "write"], ["--stages", "dedupe,normalize,aggregate"]] });
        var crowd = run.Send(site, new() { Run = "paus" });
        await crowd.UntilAcceptedAsync(300);

        var fenced = 0.0;
        for (var tries = 0; fenced == 0 && tries < 3; tries++)
        {
            var leader = await LeaderAsync(site);
            // Held by another for a moment, the store keeps the leader waiting inside its commit.
            using (StoreLock.Take(site.Store.File))
            {
                await Task.Delay(TimeSpan.FromSeconds(2), run.Cancel);
                leader.Pause();
            }

            _ = run.See("workers: /healthz/live does not answer", () => Signs.IsSilentAsync(leader));
            await Task.Delay(ThreeLeases, run.Cancel);
            var other = await LeaderAsync(site);
            run.Check(other != leader, "nobody took the lead from the writer that stands still");
            leader.Resume();
            await Task.Delay(TimeSpan.FromSeconds(3), run.Cancel);
            fenced = await Signs.SumAsync(site.Apps.Workers, "errorpipeline_writer_fenced_total");
        }

        run.Check(fenced > 0, "no attempt was fenced off");
        run.Note($"{fenced} fenced");
        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
    }

    private static async Task<AppProcess> LeaderAsync(Site site)
    {
        AppProcess? leader = null;
        await Deadline.Until(
            async () =>
            {
                foreach (var app in site.Apps.Workers)
                {
                    if (await Signs.MetricAsync(app, "errorpipeline_writer_leading") == 1)
                        leader = app;
                }

                return leader is not null;
            },
            TimeSpan.FromSeconds(40));
        return leader!;
    }
}

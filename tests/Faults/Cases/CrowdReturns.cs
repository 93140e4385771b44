using ErrorPipeline.Faults.Suite;

namespace ErrorPipeline.Faults.Cases;

/// <summary>The collector was away; everybody who could not send comes back at the same moment.</summary>
internal static class CrowdReturns
{
    public static readonly FaultCase Case = new(10, "crowd-returns", "2,000 clients with what they could not send connect at once after an outage", RunAsync) { Seconds = 60 };

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync();
        await site.Apps.Collector.Kill9Async();
        _ = run.See("collector: /healthz/live does not answer", () => Signs.IsSilentAsync(site.Apps.Collector));
        var clients = run.Pick(300, 2000);
        var crowd = run.Send(site, new()
        {
            Run = "back",
            Clients = clients,
            MostEvents = 10,
            Events = clients * 20,
            Pause = TimeSpan.FromSeconds(1),
            Retry = TimeSpan.FromSeconds(1),
        });
        await Task.Delay(TimeSpan.FromSeconds(5), run.Cancel);
        site.Apps.Collector.StartAgain();

        await crowd.UntilAcceptedAsync(clients * 10, TimeSpan.FromSeconds(120));
        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(120));
        run.Check(crowd.Unanswered >= clients, "the clients did not meet the outage");
    }
}

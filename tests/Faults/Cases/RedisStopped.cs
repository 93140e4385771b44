using ErrorPipeline.Faults.Suite;

namespace ErrorPipeline.Faults.Cases;

/// <summary>Redis is away for a while: nobody who sends an error notices.</summary>
internal static class RedisStopped
{
    public static readonly FaultCase Case = new(3, "redis-stopped", "Redis gets SIGTERM and is away for 30 s: every request is answered 202", RunAsync) { IsQuick = true };

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync();
        var crowd = run.Send(site, new() { Run = "gone" });
        await crowd.UntilAcceptedAsync(200);

        await site.Apps.Redis.StopAsync();
        var before = crowd.Accepted;
        _ = run.See("workers not ready: redis", () => Signs.IsUnreadyAsync(site.Apps.Workers[0], "redis"));
        _ = run.See("web's pipeline page: a problem", async () => (await Signs.PipelineAsync(site.Apps))?.GetProperty("redisProblem").GetString() is not null);
        await Task.Delay(run.Pick(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30)), run.Cancel);
        run.Check(crowd.Accepted > before + 100, "the collector does not go on answering 202");
        await site.Apps.Redis.StartAgainAsync();

        await run.RecoverAsync(site, crowd);
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
        run.Check(crowd.Unanswered == 0, $"{crowd.Unanswered} requests were not answered 202 at once");
    }
}

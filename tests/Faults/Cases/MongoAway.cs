using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;

namespace ErrorPipeline.Faults.Cases;

/// <summary>The stores are in MongoDB, and it, or the way to it, fails under load. What comes in waits in front of it.</summary>
internal static class MongoAway
{
    /// <summary>The engine that stands in for MongoDB here is a slow one.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static readonly FaultCase Killed = new(4, "mongo-killed", "MongoDB is killed under load, and started again after a while, again and again", KillAsync) { Seconds = 60 };

    public static readonly FaultCase Slow = new(4, "mongo-slow", "every answer of MongoDB is 500 ms late, for 12 s", run => AsBadNetworkAsync(run, run.Pick(6, 12), (site, network) =>
    {
        _ = run.See("sign process_trouble, workers:writer", () => Signs.IsToldAsync(site.Apps, "process_trouble", "workers:writer"));
        network.Latency = TimeSpan.FromMilliseconds(500);
    }))
    {
        Seconds = 45,
    };

    public static readonly FaultCase CutOff = new(4, "mongo-cut-off", "connections to MongoDB stay open and nothing passes, for 15 s", run => AsBadNetworkAsync(run, run.Pick(8, 15), (site, network) =>
    {
        SeeTrouble(run, site);
        network.CutOff();
    }))
    {
        Seconds = 45,
    };

    private static async Task KillAsync(FaultRun run)
    {
        var mongo = await MongoSite.StartAsync(run);
        var crowd = run.Send(mongo.Site, new() { Run = "mkil", Pause = Pause });
        await crowd.UntilAcceptedAsync(200);

        for (var kill = 0; kill < run.Pick(1, 3); kill++)
        {
            if (kill == 0)
                SeeTrouble(run, mongo.Site);
            await mongo.Server.Kill9Async();
            await run.WatchedAsync();
            await Task.Delay(TimeSpan.FromSeconds(run.Random.NextDouble() * 2), run.Cancel);
            await mongo.Server.StartAgainAsync();
            await run.RecoverAsync(mongo.Site, crowd);
        }

        await run.CompareAsync(mongo.Site, crowd, TimeSpan.FromSeconds(60));
    }

    private static async Task AsBadNetworkAsync(FaultRun run, int seconds, Action<Site, TcpProxy> begin)
    {
        var mongo = await MongoSite.StartAsync(run);
        var crowd = run.Send(mongo.Site, new CrowdOptions { Run = "mbad", Pause = Pause });
        await crowd.UntilAcceptedAsync(200);

        begin(mongo.Site, mongo.Network);
        await Task.Delay(TimeSpan.FromSeconds(seconds), run.Cancel);
        await run.WatchedAsync();
        mongo.Network.Latency = TimeSpan.Zero;
        mongo.Network.Restore();

        await run.RecoverAsync(mongo.Site, crowd);
        await run.CompareAsync(mongo.Site, crowd, TimeSpan.FromSeconds(60));
        run.Check(crowd.Unanswered == 0, $"{crowd.Unanswered} requests were not answered 202 at once");
    }

    private static void SeeTrouble(FaultRun run, Site site)
    {
        _ = run.See("workers not ready: writer", () => Signs.IsUnreadyAsync(site.Apps.Workers[0], "writer"));
        _ = run.See("sign process_trouble, workers:writer", () => Signs.IsToldAsync(site.Apps, "process_trouble", "workers:writer"));
    }
}

using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Rigs;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// In MongoDB an entry is many documents, and a writer can stop between any two of them: paused and going on beside the next one, or for good.
/// Answers are made late before, so that it stops there and not between two entries.
/// </summary>
internal static class MongoWriters
{
    private static readonly TimeSpan ThreeLeases = TimeSpan.FromSeconds(9);
    private const int Kinds = 6;
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(150);

    public static readonly FaultCase Paused = new(4, "mongo-paused-writer", "SIGSTOP the writer between the documents of an entry in MongoDB for three lease times: what it goes on with counts once", PauseAsync) { Seconds = 50 };

    public static readonly FaultCase KilledBeforeMerge = new(4, "mongo-killed-before-merge", "kill -9 the writer between the documents of an entry in MongoDB, while a merge of its issues waits: the entry is ended first", KillAsync) { Seconds = 45 };

    private static async Task PauseAsync(FaultRun run)
    {
        var mongo = await MongoSite.StartAsync(run, ["--stages", "write"], ["--stages", "write"], ["--stages", "dedupe,normalize,aggregate"]);
        var crowd = run.Send(mongo.Site, new() { Run = "mpau" });
        await crowd.UntilAcceptedAsync(300);

        List<Crowd> crowds = [crowd];
        var fenced = 0.0;
        // Whether it goes on inside an attempt, and not between two, is chance.
        for (var tries = 0; fenced == 0 && tries < 3; tries++)
        {
            var leader = await StopMidwayAsync(run, mongo, app => app.Pause());
            _ = run.See("workers: /healthz/live does not answer", () => Signs.IsSilentAsync(leader));
            // Issues that are new now are made by two lanes and two writers at the same time.
            var newKinds = 100 * (tries + 1);
            crowds.Add(run.Send(mongo.Site, new() { Run = $"mpa{tries}", KindOf = n => newKinds + (n % 20) }));
            await Task.Delay(ThreeLeases, run.Cancel);
            var other = await mongo.LeaderAsync();
            run.Check(other is not null && other != leader, "nobody took the lead from the writer that stands still");
            leader.Resume();
            await Task.Delay(TimeSpan.FromSeconds(4), run.Cancel);
            fenced = await Signs.SumAsync(mongo.Site.Apps.Workers, "errorpipeline_writer_fenced_total");
        }

        run.Check(fenced > 0, "no attempt was fenced off");
        run.Note($"{fenced} fenced");
        await run.CompareAsync(mongo.Site, crowds, TimeSpan.FromSeconds(60));
    }

    private static async Task KillAsync(FaultRun run)
    {
        var mongo = await MongoSite.StartAsync(run, ["--stages", "write"], ["--stages", "dedupe,normalize,aggregate"]);
        var (site, writer) = (mongo.Site, mongo.Site.Apps.Workers[0]);
        var crowd = run.Send(site, new() { Run = "mmer", Kinds = Kinds });
        await crowd.UntilAcceptedAsync(300);
        await run.RecoverAsync(site, crowd);
        await Deadline.Until(() => site.Store.Issues(site.Apps.ProjectId).Count == Kinds, TimeSpan.FromSeconds(40), null, "every kind has its issue");
        var issues = (await site.Apps.Api.IssuesAsync(site.Apps.ProjectId)).OrderBy(issue => issue.Id).ToList();

        await StopMidwayAsync(run, mongo, app => app.Pause());
        _ = run.See("workers: /healthz/live does not answer", () => Signs.IsSilentAsync(writer));
        await writer.Kill9Async();
        await run.WatchedAsync();
        await SendAsync(site, new() { Id = "", Kind = CommandKind.Merge, IssueId = issues[0].Id, Sources = [.. issues.Skip(1).Take(3).Select(issue => issue.Id)], At = 0 });
        writer.StartAgain();
        await Deadline.Until(() => site.Store.Issues(site.Apps.ProjectId).Count == issues.Count - 3, TimeSpan.FromSeconds(40), null, "the issues are merged");
        await run.RecoverAsync(site, crowd);

        // Taken back, so that each tells what it counts by itself.
        await SendAsync(site, new() { Id = "", Kind = CommandKind.Undo, IssueId = issues[0].Id, Move = 1, At = 0 });
        await Deadline.Until(() => site.Store.Issues(site.Apps.ProjectId).Count == issues.Count, TimeSpan.FromSeconds(40), null, "the merge is taken back");
        await run.CompareAsync(site, crowd, TimeSpan.FromSeconds(60));
    }

    /// <summary>The leader, a good many documents into what it was applying.</summary>
    private static async Task<AppProcess> StopMidwayAsync(FaultRun run, MongoSite mongo, Action<AppProcess> stop)
    {
        AppProcess? leader = null;
        await Deadline.Until(async () => (leader = await mongo.LeaderAsync()) is not null, TimeSpan.FromSeconds(40));
        mongo.Network.Latency = Late;
        await Task.Delay(TimeSpan.FromSeconds(2 + run.Random.NextDouble()), run.Cancel);
        stop(leader!);
        mongo.Network.Latency = TimeSpan.Zero;
        return leader!;
    }

    private static Task SendAsync(Site site, StoreCommand command) => new CommandStream(site.Books.Redis).SendAsync(
        command with { Id = Guid.NewGuid().ToString("N"), At = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() });
}

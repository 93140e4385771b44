using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Faults.Cases;

/// <summary>Two projects get events with the same ids, as two builds of one test page may send them. Identity is project and id.</summary>
internal static class SameIds
{
    public static readonly FaultCase Case = new(7, "equal-ids", "two projects get events with equal ids", RunAsync) { Seconds = 30 };

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync();
        // Web pushes what it finds in its store when it starts.
        await site.Apps.Web.TerminateAsync();
        await using var config = new SqliteConfigStore(Path.Combine(site.Apps.DataFolder, "config.db"));
        var project = await config.CreateProjectAsync("Second", TimeProvider.System.GetUtcNow(), run.Cancel);
        site.Apps.Web.StartAgain();
        await site.Apps.Web.WaitReadyAsync();
        using (var sender = new EventSender(site.Apps.Collector.Url, project.Keys[0].Key))
            await Deadline.Until(async () => await sender.PostAsync("[]") != 401, TimeSpan.FromSeconds(40), site.Apps.Logs, "the collector knows the second key");

        var options = new CrowdOptions { Run = "same", Events = run.Pick(500, 3000) };
        Crowd[] crowds = [run.Send(site, options), run.Send(site, options, project.Keys[0].Key)];
        foreach (var crowd in crowds)
        {
            await Deadline.Until(() => crowd.Done, TimeSpan.FromSeconds(120));
            await crowd.StopAsync();
        }

        await site.SettleAsync(crowds.Sum(c => c.Accepted), TimeSpan.FromSeconds(60));
        foreach (var (crowd, id) in crowds.Zip([site.Apps.ProjectId, project.Id]))
        {
            var verdict = Verdict.Of(crowd.Expected, site.Store.Issues(id));
            run.Add(verdict);
            run.Check(verdict is { Lost: 0, Doubled: 0, Invented: 0 }, $"project {id}: {verdict}");
        }

        await run.CheckBooksAsync(site);
    }
}

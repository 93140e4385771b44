using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Faults.Suite;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Faults.Cases;

/// <summary>
/// An issue is deleted while events of it are between two stages: they must not bring it back. Events received later make it anew,
/// and it counts those alone.
/// </summary>
internal static class DeletedOnTheWay
{
    private const int Gone = 1;

    public static readonly FaultCase Case = new(4, "deleted-on-the-way", "an issue is deleted while events of it are in flight: it stays deleted until new ones are received", RunAsync) { Seconds = 25, IsQuick = true };

    private static async Task RunAsync(FaultRun run)
    {
        var site = await run.StartAsync(new() { Workers = [["--stages", "dedupe,write"], ["--stages", "normalize,aggregate"]] });
        var middle = site.Apps.Workers[1];
        var before = await SendAsync(run, site, "dlta");
        await site.SettleAsync(before.Accepted, TimeSpan.FromSeconds(30));

        await middle.TerminateAsync();
        var meanwhile = await SendAsync(run, site, "dltb");
        await Deadline.Until(async () => (await site.Books.ReadAsync()).Sum(l => l.InFlight) == meanwhile.Accepted, TimeSpan.FromSeconds(30));
        var issue = (await site.Apps.Api.IssuesAsync(site.Apps.ProjectId)).Single(i => i.Title.EndsWith(NumberedErrors.Ending(Gone), StringComparison.Ordinal));
        await new CommandStream(site.Books.Redis).SendAsync(new()
        {
            Id = Guid.NewGuid().ToString("N"),
            Kind = CommandKind.Delete,
            IssueId = issue.Id,
            At = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        });
        await Deadline.Until(() => !IsStored(site), TimeSpan.FromSeconds(30), null, "the issue is gone");

        middle.StartAgain();
        await Deadline.Until(site.IsIdleAsync, TimeSpan.FromSeconds(60));
        run.Check(!IsStored(site), "events received before the delete brought the issue back");

        var after = await SendAsync(run, site, "dltc");
        var left = before.Accepted + meanwhile.Accepted + after.Accepted - before.Expected[Gone] - meanwhile.Expected[Gone];
        await site.SettleAsync(left, TimeSpan.FromSeconds(60));
        await Deadline.Until(site.IsIdleAsync, TimeSpan.FromSeconds(30));
        var expected = before.Expected.ToDictionary(e => e.Key, e => (e.Key == Gone ? 0 : e.Value + meanwhile.Expected[e.Key]) + after.Expected[e.Key]);
        var verdict = Verdict.Of(expected, site.Store.Issues(site.Apps.ProjectId));
        run.Add(verdict);
        run.Check(verdict is { Lost: 0, Doubled: 0, Invented: 0 }, $"the issues count {verdict}");
        await run.CheckBooksAsync(site);
    }

    private static async Task<Crowd> SendAsync(FaultRun run, Site site, string name)
    {
        var crowd = run.Send(site, new() { Run = name, Kinds = 3, Events = 90, Pause = TimeSpan.FromMilliseconds(20) });
        await Deadline.Until(() => crowd.Done, TimeSpan.FromSeconds(30));
        await crowd.StopAsync();
        return crowd;
    }

    private static bool IsStored(Site site) => site.Store.Issues(site.Apps.ProjectId).Keys.Any(t => t.EndsWith(NumberedErrors.Ending(Gone), StringComparison.Ordinal));
}

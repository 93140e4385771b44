using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Live;

namespace ErrorPipeline.Web.Overview;

/// <summary>Reads what the overview shows, for all who look at it once.</summary>
internal sealed class OverviewReader(IErrorReader errors, IConfigStore config, LiveFeed feed, TimeProvider clock)
{
    private const int Rows = 5;
    private const int Minutes = 60;
    private static readonly TimeSpan New = TimeSpan.FromHours(24);

    private readonly SharedReads<int, OverviewView> _reads = new(feed, clock);

    /// <param name="projectId">Null, or one that is not there, for all.</param>
    /// <param name="cancel">Ends the wait.</param>
    public Task<OverviewView> ReadAsync(int? projectId, CancellationToken cancel) =>
        _reads.GetAsync(projectId ?? 0, now => ReadAsync(projectId, now), cancel);

    private async Task<OverviewView> ReadAsync(int? projectId, DateTimeOffset now)
    {
        var projects = await config.ListProjectsAsync(CancellationToken.None);
        var project = projects.FirstOrDefault(p => p.Id == projectId);
        var until = now.ToUnixTimeSeconds() / 60;
        var outcomes = await errors.ListOutcomesAsync(project?.Id, until - Minutes + 1, CancellationToken.None);
        var stored = outcomes.Where(o => o.Outcome == Outcome.Stored && o.Minute <= until).ToList();
        var view = new OverviewView
        {
            Project = project,
            Projects = projects,
            Facts = await errors.GetOverviewAsync(new(project?.Id, (now - New).ToUnixTimeMilliseconds(), Rows), CancellationToken.None),
            Minutes = ByMinute(stored, until),
            MinutesOf = stored.GroupBy(o => o.ProjectId).ToDictionary(o => o.Key, o => ByMinute(o, until)),
        };
        return project is null ? view : await WithLatestAsync(view, project.Id);
    }

    private async Task<OverviewView> WithLatestAsync(OverviewView view, int project)
    {
        var latest = (await errors.ListReleasesAsync(project, Rows, CancellationToken.None)).FirstOrDefault(release => release.Events > 0);
        return latest is null ? view : view with
        {
            Latest = latest,
            NewInLatest = await errors.ListReleaseIssuesAsync(project, latest.Version, ReleaseIssues.New, Rows, CancellationToken.None),
        };
    }

    private static IReadOnlyList<long> ByMinute(IEnumerable<OutcomeCount> outcomes, long until)
    {
        var minutes = new long[Minutes];
        foreach (var outcome in outcomes)
            minutes[outcome.Minute - until + Minutes - 1] += outcome.Count;
        return minutes;
    }
}

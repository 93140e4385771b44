using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Live;
using ErrorPipeline.Web.Scoping;

namespace ErrorPipeline.Web.Overview;

/// <summary>Reads what the overview shows, for all who look at it once.</summary>
internal sealed class OverviewReader(IErrorReader errors, IConfigStore config, LiveFeed feed, TimeProvider clock)
{
    private const int Rows = 5;

    private readonly SharedReads<Scope, OverviewView> _reads = new(feed, clock);

    /// <param name="scope">A project that is not there counts as all.</param>
    /// <param name="cancel">Ends the wait.</param>
    public Task<OverviewView> ReadAsync(Scope scope, CancellationToken cancel) => _reads.GetAsync(scope, now => ReadAsync(scope, now), cancel);

    private async Task<OverviewView> ReadAsync(Scope scope, DateTimeOffset now)
    {
        var projects = await config.ListProjectsAsync(CancellationToken.None);
        var project = projects.FirstOrDefault(p => p.Id == scope.Project);
        scope = scope with { Project = project?.Id };
        var since = (scope.From(now) ?? now.AddDays(-1)).ToUnixTimeMilliseconds();
        var (facts, sessions) = (FactsAsync(scope, since, now), errors.ListSessionsAsync(project?.Id, scope.Environment, since, CancellationToken.None));
        var course = Course.Of(scope, now);
        var arrivals = await ArrivalsAsync(scope, course);
        await Task.WhenAll(facts, sessions);
        var view = new OverviewView
        {
            Scope = scope,
            Project = project,
            Projects = projects,
            Facts = await facts,
            Sessions = OverviewView.Sum(await sessions),
            Course = course,
            Counts = course.Fold(arrivals),
            CountsOf = arrivals.GroupBy(one => one.ProjectId).ToDictionary(one => one.Key, course.Fold),
        };
        return project is null || scope.Environment is not null ? view : await WithLatestAsync(view, project.Id);
    }

    /// <summary>By the minute those of all environments are told by the outcomes of events, and those of one by its tallies.</summary>
    private async Task<IReadOnlyList<Arrivals>> ArrivalsAsync(Scope scope, Course course)
    {
        if (!course.ByMinute || scope.Environment is not null)
            return await errors.ListArrivalsAsync(new(scope.Project, scope.Environment, course.FromMs, course.ByMinute), CancellationToken.None);
        var outcomes = await errors.ListOutcomesAsync(scope.Project, course.FromMs / Course.MinuteMs, CancellationToken.None);
        return [.. outcomes.Where(outcome => outcome.Outcome == Outcome.Stored).Select(outcome => new Arrivals(outcome.ProjectId, outcome.Minute * Course.MinuteMs, outcome.Count))];
    }

    private async Task<OverviewFacts> FactsAsync(Scope scope, long since, DateTimeOffset now)
    {
        var facts = await errors.GetOverviewAsync(new(scope.Project, since, Rows, scope.Environment), CancellationToken.None);
        if (scope.Environment is null)
            return facts;
        var query = new IssueQuery { ProjectId = scope.Project, Environment = scope.Environment, NowHour = now.ToUnixTimeSeconds() / 3600, TrendHours = 1, Limit = OverviewView.MostListed };
        var newest = errors.ListIssuesAsync(query with { FirstSeen = new(since), Sort = IssueSort.FirstSeen }, CancellationToken.None);
        var regressed = await errors.ListIssuesAsync(query with { Regressed = true, State = IssueState.Open }, CancellationToken.None);
        var first = await newest;
        return facts with { NewIssues = first.Rows.Count, Regressed = regressed.Rows.Count, Newest = [.. first.Rows.Take(Rows)], LastRegressed = [.. regressed.Rows.Take(Rows)] };
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
}

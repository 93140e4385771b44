using System.Collections.Concurrent;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>
/// What a project's events of some weeks tell, kept for half a minute: it is the same for all of its issues, and much more than what one page shows of it.
/// </summary>
internal sealed class ProjectShares(IErrorReader errors, TimeProvider clock)
{
    private const int MostKept = 100;
    private const long DayMs = 86_400_000;
    private const long WeekMs = 7 * DayMs;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(int Project, long From, long To), Kept> _kept = new();

    public async Task<ProjectFacets> ReadAsync(IssueRow issue, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // Weeks go by arrival, which is some time after an event.
        var last = Math.Min(now.ToUnixTimeMilliseconds(), issue.LastSeen + DayMs);
        var key = (issue.ProjectId, issue.FirstSeen / WeekMs, last / WeekMs);
        if (_kept.TryGetValue(key, out var kept) && now - kept.At < Fresh)
            return kept.Facets;
        var facets = await errors.GetProjectFacetsAsync(issue.ProjectId, issue.FirstSeen, last, cancel);
        if (_kept.Count >= MostKept)
            _kept.Clear();
        _kept[key] = new(now, facets);
        return facets;
    }

    private sealed record Kept(DateTimeOffset At, ProjectFacets Facets);
}

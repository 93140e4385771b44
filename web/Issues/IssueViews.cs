using System.Globalization;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Commands;

namespace ErrorPipeline.Web.Issues;

/// <summary>Reads all that the page of an issue shows: what does not depend on another answer is asked for at the same time.</summary>
internal sealed class IssueViews(IErrorReader errors, IConfigStore config, CommandOutbox outbox, ProjectShares shares, TimeProvider clock)
{
    public const int MostSamples = 200;
    private const int MostGroups = 20;
    private const int MostMoves = 20;
    private const int MostFeedback = 20;
    private const int MostComments = 200;
    private const int MostReleases = 30;
    private const int MostRelated = 5;
    private const int FacetValues = 8;

    /// <param name="detail">Of an issue of the project.</param>
    public async Task<IssueView> ReadAsync(HttpContext http, Project project, IssueDetail detail, string? @event, string? range, CancellationToken cancel)
    {
        var (issue, now, environment) = (detail.Issue, clock.GetUtcNow(), Scoping.Scope.From(http.Request.Query).Environment);
        var shown = Trend.Ranges.Any(r => r.Name == range) ? range! : Trend.RangeFor(issue.FirstSeen, now);
        var releases = errors.ListReleasesAsync(project.Id, MostReleases, cancel);
        var trend = Trend.ReadAsync(errors, issue.Id, shown, environment, detail.FirstRelease, releases, now, cancel);
        var facets = errors.GetFacetsAsync(issue.Id, FacetValues, cancel);
        var usual = shares.ReadAsync(issue, cancel);
        var groups = errors.ListFingerprintsAsync(issue.Id, MostGroups, cancel);
        var feedback = errors.ListFeedbackAsync(project.Id, issue.Id, MostFeedback, cancel);
        var comments = errors.ListCommentsAsync(project.Id, issue.Id, MostComments, cancel);
        var people = config.ListUsersAsync(cancel);
        var moves = errors.ListMovesAsync(project.Id, issue.Id, MostMoves, cancel);
        var related = errors.ListRelatedAsync(project.Id, issue.Id, MostRelated, cancel);
        var pending = outbox.PendingAsync(issue.Id, cancel);
        var samples = await errors.ListSamplesAsync(issue.Id, MostSamples, cancel);
        var wanted = samples.FirstOrDefault(s => s.EventId == @event) ?? samples.FirstOrDefault();
        var sample = wanted is null ? null : await errors.GetEventAsync(project.Id, wanted.EventId, cancel);
        var commits = detail.FirstRelease is { } first ? await config.ListReleaseCommitsAsync(project.Id, first, cancel) : [];
        var release = sample?.Context.Release;
        var head = release is null ? [] : release == detail.FirstRelease ? commits : await config.ListReleaseCommitsAsync(project.Id, release, cancel);
        await Task.WhenAll(trend, facets, usual, groups, feedback, comments, people, moves, related, pending);
        return new()
        {
            Detail = detail,
            Project = project,
            Trend = await trend,
            Environment = environment,
            Facets = await facets,
            Hints = FacetHints.Of(await facets, await usual, issue.FirstSeen),
            Samples = samples,
            Sample = sample,
            Pending = await pending,
            Groups = await groups,
            Feedback = await feedback,
            Comments = await comments,
            People = [.. (await people).Select(user => user.Email)],
            Moves = await moves,
            Releases = await releases,
            Related = await related,
            Commits = commits,
            Suspects = sample is null ? [] : SuspectCommits.Of(sample.Error, commits),
            Source = new(project.Links, release, head.Count > 0 ? head[0].Id : null),
            Site = SiteOf(http),
            MovedFrom = long.TryParse(http.Request.Query["moved"], NumberStyles.None, CultureInfo.InvariantCulture, out var moved) ? moved : null,
        };
    }

    public static string SiteOf(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}";
}

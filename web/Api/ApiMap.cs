using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Issues;
using ErrorPipeline.Web.Pipeline;

namespace ErrorPipeline.Web.Api;

/// <summary>What scripts and tests read. The same filters as the pages, and a "limit" of up to 100.</summary>
internal static class ApiMap
{
    private const int FacetValues = 20;
    private const int MostSamples = 200;
    private const int MostFeedback = 100;

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapGet("/projects", ProjectsAsync);
        api.MapGet("/issues", IssuesAsync);
        api.MapGet("/issues/{id:long}", IssueAsync);
        api.MapGet("/source-maps/repair", async (IErrorReader errors, CancellationToken cancel) => Jsend.Success(await errors.GetRemapProgressAsync(cancel)));
        api.MapGet("/events/{project:int}/{id}", EventAsync);
        api.MapGet("/pipeline", async (PipelineReader pipeline, CancellationToken cancel) => Jsend.Success(await pipeline.ReadAsync(cancel)));
        api.MapFallback(() => NoSuch("endpoint"));
    }

    private static async Task<IResult> ProjectsAsync(IConfigStore config, CancellationToken cancel) =>
        Jsend.Success(await config.ListProjectsAsync(cancel));

    private static async Task<IResult> IssuesAsync(HttpContext http, IssueLists lists, CancellationToken cancel, int limit = IssueFilter.PageSize)
    {
        var query = http.Request.Query;
        var filter = IssueFilter.From(query) with { Limit = Math.Clamp(limit, 1, 100) };
        // A script that names no state means all of them.
        if (!query.ContainsKey("state"))
            filter = filter with { State = "all" };
        var page = await lists.ReadAsync(filter, cancel);
        return Jsend.Success(new { issues = page.Rows.Select(ApiIssue.Of), next = page.Next });
    }

    private static async Task<IResult> IssueAsync(long id, int? project, IErrorReader errors, IConfigStore config, CancellationToken cancel)
    {
        var projects = project is { } given ? [given] : (await config.ListProjectsAsync(cancel)).Select(p => p.Id);
        foreach (var candidate in projects)
        {
            // Not a redirect: clients leave their token behind when they follow one.
            var number = await errors.FindHolderAsync(candidate, id, cancel) ?? id;
            if (await errors.GetIssueAsync(candidate, number, cancel) is not { } detail)
                continue;
            return Jsend.Success(new
            {
                issue = ApiIssue.Of(detail.Issue),
                detail.Fingerprints,
                detail.LatestEventId,
                detail.History,
                detail.Resolution,
                facets = await errors.GetFacetsAsync(number, FacetValues, cancel),
                samples = await errors.ListSamplesAsync(number, MostSamples, cancel),
                feedback = await errors.ListFeedbackAsync(candidate, number, MostFeedback, cancel),
            });
        }

        return NoSuch("issue");
    }

    private static async Task<IResult> EventAsync(int project, string id, IErrorReader errors, CancellationToken cancel) =>
        await errors.GetEventAsync(project, id, cancel) is { } sample ? Jsend.Success(new ApiEvent(sample, await errors.ListFeedbackOfEventAsync(project, id, cancel))) : NoSuch("event");

    private static IResult NoSuch(string what) => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}.");
}

/// <summary>An event with what its visitor said of it.</summary>
internal sealed record ApiEvent(string EventId, NormalizedOccurrence Occurrence, ErrorDetail Error, EventContext Context, string NoveltyKey, IReadOnlyList<EventFeedback> Feedback)
{
    public ApiEvent(EventSample sample, IReadOnlyList<EventFeedback> feedback)
        : this(sample.EventId, sample.Occurrence, sample.Error, sample.Context, sample.NoveltyKey, feedback)
    {
    }
}

/// <summary>An issue with its state in words.</summary>
internal sealed record ApiIssue(
    long Id, int ProjectId, string Title, string Culprit, string Level, string Class, string State, long Count, long Users, long FirstSeen, long LastSeen,
    IReadOnlyList<long> Trend, string? RegressedIn)
{
    public static ApiIssue Of(IssueRow row) => new(
        row.Id, row.ProjectId, row.Title, row.Culprit, row.Level, row.Class, row.State.ToString().ToLowerInvariant(), row.Count, row.Users,
        row.FirstSeen, row.LastSeen, row.Trend, row.RegressedIn);
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Api;
using ErrorPipeline.Web.Issues;
using ErrorPipeline.Web.Issues.Searching;
using ErrorPipeline.Web.Pipeline;
using ErrorPipeline.Web.Serving;

namespace ErrorPipeline.Web.Api;

/// <summary>What scripts and tests read. The same filters as the pages, and a "limit" of up to 100.</summary>
internal static class ApiMap
{
    private const int FacetValues = 20;
    private const int MostSamples = 200;
    private const int MostFeedback = 100;

    public static void AddApi(this WebApplicationBuilder builder)
    {
        // Names instead of numbers, whoever adds a kind later.
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(ApiSchemas.Names));
        builder.Services.AddSingleton<ApiLimits>();
        builder.Services.AddSingleton<ApiCatalog>();
    }

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api", (HttpRequest request, ApiCatalog catalog) => Page.Of<ApiPage>(new()
        {
            ["Groups"] = catalog.Groups,
            ["Site"] = $"{request.Scheme}://{request.Host}",
        }));
        var api = app.MapGroup("/api/v1");
        api.MapGet("/openapi.json", (ApiCatalog catalog) => Results.Bytes(catalog.Document, "application/json; charset=utf-8"))
            .WithMetadata(new ApiEndpoint("About", "This description, as OpenAPI 3.1"));
        api.MapGet("/account", AccountAsync).WithMetadata(new ApiEndpoint("About", "Who is asking, and how far the token goes") { Answer = typeof(ApiAccount) });
        api.MapGet("/users", UsersAsync).WithMetadata(new ApiEndpoint("About", "Who may sign in", ApiScope.Admin) { Answer = typeof(IReadOnlyList<ApiUser>) });
        api.MapGet("/issues", IssuesAsync).WithMetadata(new ApiEndpoint("Issues", "List issues")
        {
            Answer = typeof(ApiIssues),
            Query = [.. IssueParameters.All, new("after", "\"next\" of the page before"), new("limit", "issues a page, 1 to 100", "integer")],
        });
        api.MapGet("/issues/{id:long}", IssueAsync).WithMetadata(new ApiEndpoint("Issues", "Read an issue, with facets, samples and what visitors said")
        {
            Answer = typeof(ApiIssueDetail),
            Query = [new("project", "where to look; every project is looked through without it", "integer")],
        });
        api.MapGet("/source-maps/repair", async (IErrorReader errors, CancellationToken cancel) => Jsend.Success(await errors.GetRemapProgressAsync(cancel)))
            .WithMetadata(new ApiEndpoint("Source maps", "How far stored events have been repaired after maps that came late") { Answer = typeof(RemapProgress), MayBeNull = true });
        api.MapGet("/events/{project:int}/{id}", EventAsync)
            .WithMetadata(new ApiEndpoint("Events", "Read an event that is kept whole") { Answer = typeof(ApiEvent) });
        api.MapGet("/pipeline", async (PipelineReader pipeline, CancellationToken cancel) => Jsend.Success(await pipeline.ReadAsync(cancel)))
            .WithMetadata(new ApiEndpoint("Pipeline", "One look at everything between browsers and the store") { Answer = typeof(PipelineState) });
        api.MapFallback(() => Jsend.Problem(
                StatusCodes.Status404NotFound, "not_found", "There is no such endpoint, or it does not take that method, or wants 'Content-Type: application/json': see /api.")).WithMetadata(new ApiEndpoint("", "") { IsListed = false });
    }

    private static async Task<IResult> AccountAsync(HttpContext http, IConfigStore config, CancellationToken cancel)
    {
        var user = SigningIn.Sessions.IdOf(http.User) is { } id ? await config.GetUserAsync(id, cancel) : null;
        return Jsend.Success(new ApiAccount(user?.Email, http.User.FindFirst(ApiScopes.Claim)?.Value ?? ApiScope.Admin.Name()));
    }

    private static async Task<IResult> UsersAsync(IConfigStore config, CancellationToken cancel) =>
        Jsend.Success<IReadOnlyList<ApiUser>>([.. (await config.ListUsersAsync(cancel)).Select(user => new ApiUser(user.Id, user.Email, user.CreatedAt))]);

    private static async Task<IResult> IssuesAsync(HttpContext http, IssueLists lists, IssueSearch searches, CancellationToken cancel, int limit = IssueFilter.PageSize)
    {
        var query = http.Request.Query;
        var filter = IssueFilter.From(query) with { Limit = Math.Clamp(limit, 1, 100), Me = http.User.Identity?.Name };
        // A script that names no state means all of them.
        if (!query.ContainsKey("state"))
            filter = filter with { State = "all" };
        var page = await lists.ReadAsync(filter, await searches.ReadAsync(filter, cancel), cancel);
        return Jsend.Success(new ApiIssues([.. page.Rows.Select(ApiIssue.Of)], page.Next));
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
            return Jsend.Success(new ApiIssueDetail(
                ApiIssue.Of(detail.Issue), detail.Fingerprints, detail.LatestEventId, detail.History, detail.Resolution,
                await errors.GetFacetsAsync(number, FacetValues, cancel),
                await errors.ListSamplesAsync(number, MostSamples, cancel),
                await errors.ListFeedbackAsync(candidate, number, MostFeedback, cancel)));
        }

        return NoSuch("issue");
    }

    private static async Task<IResult> EventAsync(int project, string id, IErrorReader errors, CancellationToken cancel) =>
        await errors.GetEventAsync(project, id, cancel) is { } sample ? Jsend.Success(new ApiEvent(sample, await errors.ListFeedbackOfEventAsync(project, id, cancel))) : NoSuch("event");

    private static IResult NoSuch(string what) => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}.");
}

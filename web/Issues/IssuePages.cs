using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Issues;
using ErrorPipeline.Web.Serving;

namespace ErrorPipeline.Web.Issues;

/// <summary>The pages of one issue, found by its number or by what people call it.</summary>
internal static class IssuePages
{
    public static void AddIssuePages(this IServiceCollection services)
    {
        services.AddSingleton<ProjectShares>();
        services.AddSingleton<IssueViews>();
    }

    public static void MapIssuePages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/i/{name}", FindAsync);
        app.MapGet("/issues/{project:int}/{id:long}", ShowAsync);
        app.MapGet("/issues/{project:int}/{id:long}/events", EventsAsync);
        app.MapGet("/issues/{project:int}/{id:long}/users", UsersAsync);
    }

    /// <summary>By its short id; a merged issue leads on to the one that has it now.</summary>
    private static async Task<IResult> FindAsync(HttpContext http, string name, IErrorReader errors, IConfigStore config, CancellationToken cancel)
    {
        if (!ShortId.TryParse(name, out var shortName, out var id) || ShortId.ProjectOf(await config.ListProjectsAsync(cancel), shortName) is not { } project)
            return Results.NotFound();
        return await errors.GetIssueAsync(project.Id, id, cancel) is not null
            ? Results.LocalRedirect(IssueView.PathOf(project.Id, id) + http.Request.QueryString)
            : await MovedAsync(http, project.Id, id, errors, "", cancel);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, int project, long id, string? @event, string? range, IErrorReader errors, IConfigStore config, IssueViews views, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is not { } detail)
            return await MovedAsync(http, project, id, errors, "", cancel);
        var view = await views.ReadAsync(http, await ProjectAsync(project, config, cancel), detail, @event, range, cancel);
        return Page.Of<IssueDetailPage>(new() { ["View"] = view });
    }

    private static async Task<IResult> EventsAsync(HttpContext http, int project, long id, IErrorReader errors, IConfigStore config, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is not { } detail)
            return await MovedAsync(http, project, id, errors, "/events", cancel);
        var samples = await errors.ListSamplesAsync(id, IssueViews.MostSamples, cancel);
        return Page.Of<IssueEventsPage>(new()
        {
            ["Issue"] = detail.Issue,
            ["Project"] = await ProjectAsync(project, config, cancel),
            ["Table"] = EventTable.Of(samples, http.Request.Query),
        });
    }

    private static async Task<IResult> UsersAsync(HttpContext http, int project, long id, IErrorReader errors, IConfigStore config, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is not { } detail)
            return await MovedAsync(http, project, id, errors, "/users", cancel);
        return Page.Of<IssueUsersPage>(new()
        {
            ["Issue"] = detail.Issue,
            ["Project"] = await ProjectAsync(project, config, cancel),
            ["Users"] = AffectedUser.Of(await errors.ListSamplesAsync(id, IssueViews.MostSamples, cancel)),
        });
    }

    private static async Task<IResult> MovedAsync(HttpContext http, int project, long id, IErrorReader errors, string page, CancellationToken cancel) =>
        await errors.FindHolderAsync(project, id, cancel) is { } holder
            ? Results.LocalRedirect(IssueView.PathOf(project, holder) + page + http.Request.QueryString.Add("moved", $"{id}"))
            : Results.NotFound();

    /// <summary>Issues outlive their project's settings.</summary>
    private static async Task<Project> ProjectAsync(int id, IConfigStore config, CancellationToken cancel) =>
        await config.GetProjectAsync(id, cancel) ?? new(id, $"project {id}", [], [], null, 0) { ShortName = $"P{id}" };
}

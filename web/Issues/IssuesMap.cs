using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Components.Issues;
using ErrorPipeline.Web.Receipts;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Issues;

internal static class IssuesMap
{
    private const int MostProjects = 20;
    private const int MostEnvironments = 50;

    public static void AddIssues(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IssueLists>();
        builder.Services.AddIssuePages();
    }

    public static void MapIssues(this IEndpointRouteBuilder app)
    {
        app.MapGet("/issues", ListAsync);
        app.MapGet("/issues/rows", RowsAsync);
        app.MapIssuePages();
        app.MapPost("/issues/{project:int}/{id:long}/{kind}", ChangeAsync);
        app.MapMerges();
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, IssueLists lists, IErrorReader errors, IConfigStore config, CancellationToken cancel)
    {
        var filter = IssueFilter.From(http.Request.Query);
        if (ReceiptsMap.PathOf(filter.Text, filter.Project) is { } receipt)
            return Results.LocalRedirect(receipt);
        var projects = await config.ListProjectsAsync(cancel);
        return Page.Of<IssueListPage>(new()
        {
            ["Filter"] = filter,
            ["Rows"] = await lists.ReadAsync(filter, cancel),
            ["Projects"] = projects,
            ["Environments"] = await EnvironmentsAsync(filter, projects, errors, cancel),
        });
    }

    private static async Task<List<string>> EnvironmentsAsync(
        IssueFilter filter, IReadOnlyList<Project> projects, IErrorReader errors, CancellationToken cancel)
    {
        var found = new List<string>();
        foreach (var project in projects.Where(p => filter.Project is null || p.Id == filter.Project).Take(MostProjects))
            found.AddRange(await errors.ListEnvironmentsAsync(project.Id, cancel));
        return [.. found.Where(e => e.Length > 0).Distinct(StringComparer.Ordinal).Take(MostEnvironments)];
    }

    /// <summary>The rows alone, for a page that is told of a change.</summary>
    private static async Task<IResult> RowsAsync(HttpContext http, IssueLists lists, IConfigStore config, CancellationToken cancel)
    {
        var filter = IssueFilter.From(http.Request.Query);
        return Page.Of<IssueRows>(new()
        {
            ["Filter"] = filter,
            ["Rows"] = await lists.ReadAsync(filter, cancel),
            ["Projects"] = await config.ListProjectsAsync(cancel),
        });
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, int project, long id, string kind, [FromForm] string? release, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel)
    {
        if (kind is not (CommandKind.Resolve or CommandKind.Ignore or CommandKind.Reopen))
            return Results.NotFound();
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return Results.NotFound();
        var named = kind == CommandKind.Resolve && !string.IsNullOrWhiteSpace(release) ? release : null;
        await outbox.AddAsync(kind, id, http.User.Identity?.Name, cancel, command => command with { Release = named });
        return Results.LocalRedirect(IssueView.PathOf(project, id));
    }
}

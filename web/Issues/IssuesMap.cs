using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Components.Issues;
using ErrorPipeline.Web.Issues.Searching;
using ErrorPipeline.Web.Receipts;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SigningIn;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Issues;

internal static class IssuesMap
{
    public static void AddIssues(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IssueSearch>();
        builder.Services.AddSingleton<IssueLists>();
        builder.Services.AddSingleton<SearchSuggestions>();
        builder.Services.AddSingleton<StateChanges>();
        builder.Services.AddIssuePages();
    }

    public static void MapIssues(this IEndpointRouteBuilder app)
    {
        app.MapGet("/issues", ListAsync);
        app.MapGet("/issues/rows", RowsAsync);
        app.MapIssuePages();
        app.MapPost("/issues/{project:int}/{id:long}/{kind}", ChangeAsync);
        app.MapPost("/issues/{project:int}/{id:long}/comment", CommentAsync);
        app.MapPost("/issues/{project:int}/{id:long}/uncomment", UncommentAsync);
        app.MapBulk();
        app.MapSearches();
        app.MapMerges();
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, IssueLists lists, IssueSearch searches, IConfigStore config, CancellationToken cancel)
    {
        var filter = FilterOf(http);
        if (ReceiptsMap.PathOf(filter.Text, filter.Project) is { } receipt)
            return Results.LocalRedirect(receipt);
        var (projects, saved, people) = (config.ListProjectsAsync(cancel), config.ListSearchesAsync(Sessions.UserId(http.User), cancel), config.ListUsersAsync(cancel));
        var search = await searches.ReadAsync(filter, cancel);
        var isAnew = Done.From(http.Request.Query) is not null && filter.After is null && filter.Before is null;
        var rows = isAnew ? lists.ReadAnewAsync(search) : lists.ReadAsync(filter, search, cancel);
        await Task.WhenAll(projects, saved, people, rows);
        return Page.Of<IssueListPage>(new()
        {
            ["Filter"] = filter,
            ["Search"] = search,
            ["Rows"] = await rows,
            ["Projects"] = await projects,
            ["Saved"] = await saved,
            ["People"] = (await people).Select(user => user.Email).ToList(),
            ["AllChosen"] = http.Request.Query["select"] == "page",
        });
    }

    /// <summary>The rows alone, for a page that is told of a change.</summary>
    private static async Task<IResult> RowsAsync(HttpContext http, IssueLists lists, IssueSearch searches, IConfigStore config, CancellationToken cancel)
    {
        var filter = FilterOf(http);
        var projects = config.ListProjectsAsync(cancel);
        var search = await searches.ReadAsync(filter, cancel);
        return Page.Of<IssueRows>(new()
        {
            ["Filter"] = filter,
            ["Search"] = search,
            ["Rows"] = await lists.ReadAsync(filter, search, cancel),
            ["Projects"] = await projects,
        });
    }

    private static IssueFilter FilterOf(HttpContext http) => IssueFilter.From(http.Request.Query) with { Me = http.User.Identity?.Name };

    private static async Task<IResult> ChangeAsync(
        HttpContext http, int project, long id, string kind, IErrorReader errors, StateChanges changes, CancellationToken cancel)
    {
        if (!StateForm.Changes(kind) || await errors.GetIssueAsync(project, id, cancel) is null)
            return Results.NotFound();
        var form = await http.Request.ReadFormAsync(cancel);
        var changed = await changes.ChangeAsync(http, [id], kind, StateDetails.Of(form), cancel);
        return Results.LocalRedirect(Done.Of(kind, 1, changed.Batch).On(IssueView.PathOf(project, id)));
    }

    private static async Task<IResult> CommentAsync(
        HttpContext http, int project, long id, [FromForm] string? text, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return Results.NotFound();
        if (!string.IsNullOrWhiteSpace(text))
            await outbox.AddAsync(CommandKind.Comment, id, http.User.Identity?.Name, cancel, command => command with { Text = text.Trim() });
        return Results.LocalRedirect(IssueView.PathOf(project, id) + "#discussion");
    }

    /// <summary>The writer looks whose it is: only one's own goes.</summary>
    private static async Task<IResult> UncommentAsync(
        HttpContext http, int project, long id, [FromForm] string? comment, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return Results.NotFound();
        await outbox.AddAsync(CommandKind.Uncomment, id, http.User.Identity?.Name, cancel, command => command with { Text = comment });
        return Results.LocalRedirect(IssueView.PathOf(project, id) + "#discussion");
    }
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Components.Issues;
using ErrorPipeline.Web.Serving;

namespace ErrorPipeline.Web.Issues;

/// <summary>Deleting an issue cannot be taken back, so a page asks first.</summary>
internal static class DeleteMap
{
    public static void MapDeletes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/issues/{project:int}/{id:long}/delete", AskAsync);
        app.MapPost("/issues/{project:int}/{id:long}/delete", DeleteAsync);
    }

    private static async Task<IResult> AskAsync(int project, long id, IErrorReader errors, CancellationToken cancel) =>
        await errors.GetIssueAsync(project, id, cancel) is { } detail ? Page.Of<DeletePage>(new() { ["Issue"] = detail.Issue }) : Results.NotFound();

    private static async Task<IResult> DeleteAsync(HttpContext http, int project, long id, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return Results.NotFound();
        await outbox.AddAsync(CommandKind.Delete, id, http.User.Identity?.Name, cancel);
        return Results.LocalRedirect($"/issues?project={project}");
    }
}

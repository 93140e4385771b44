using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Components.Issues;
using ErrorPipeline.Web.Privacy;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SigningIn;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Issues;

/// <summary>Deleting an issue or an event cannot be taken back, so a page asks first.</summary>
internal static class DeleteMap
{
    public static void MapDeletes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/issues/{project:int}/{id:long}/delete", AskAsync);
        app.MapPost("/issues/{project:int}/{id:long}/delete", DeleteAsync);
        app.MapGet("/events/{project:int}/{id}/delete", AskOfEventAsync);
        app.MapPost("/events/{project:int}/{id}/delete", DeleteEventAsync);
    }

    private static async Task<IResult> AskAsync(int project, long id, IErrorReader errors, CancellationToken cancel) =>
        await errors.GetIssueAsync(project, id, cancel) is { } detail ? Page.Of<DeletePage>(new() { ["Issue"] = detail.Issue }) : Results.NotFound();

    private static async Task<IResult> DeleteAsync(HttpContext http, int project, long id, IErrorReader errors, CommandOutbox outbox, TimeProvider clock, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return Results.NotFound();
        await outbox.AddAsync(CommandKind.Delete, id, http.User.Identity?.Name, cancel);
        return Results.LocalRedirect(Done.Of(CommandKind.Delete, 1, Done.NewBatch(clock.GetUtcNow())).On($"/issues?project={project}"));
    }

    /// <param name="project">Of the event.</param>
    /// <param name="id">Of the event.</param>
    /// <param name="to">The page to go back to, which is of this site.</param>
    /// <param name="errors">Where it is kept.</param>
    /// <param name="cancel">Ends the wait.</param>
    private static async Task<IResult> AskOfEventAsync(int project, string id, string? to, IErrorReader errors, CancellationToken cancel) =>
        await errors.GetEventAsync(project, id, cancel) is { } sample
            ? Page.Of<DeleteEventPage>(new() { ["Project"] = project, ["Sample"] = sample, ["Back"] = BackTo(to, project) })
            : Results.NotFound();

    private static async Task<IResult> DeleteEventAsync(
        HttpContext http, int project, string id, [FromForm] string? to, IErrorReader errors, Erasures erasures, CancellationToken cancel)
    {
        if (await errors.GetEventAsync(project, id, cancel) is null)
            return Results.NotFound();
        await erasures.DeleteEventAsync(project, id, http.User.Identity?.Name, cancel);
        return Results.LocalRedirect(BackTo(to, project));
    }

    private static string BackTo(string? to, int project) => string.IsNullOrEmpty(to) ? $"/issues?project={project}" : LocalUrl.OrHome(to);
}

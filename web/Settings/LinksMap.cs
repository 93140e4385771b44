using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Components.Settings;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Settings;

/// <summary>Where else a project lives: its repository and its tracker.</summary>
internal static class LinksMap
{
    public static void MapLinks(this IEndpointRouteBuilder app)
    {
        app.MapGet("/projects/{id:int}/links", ShowAsync);
        app.MapPost("/projects/{id:int}/links", SaveAsync);
        app.MapGet("/api/v1/projects/{id:int}/links", ReadAsync)
            .WithMetadata(new ApiEndpoint("Projects", "Read the links into repository and trackers") { Answer = typeof(ProjectLinks) });
        app.MapPut("/api/v1/projects/{id:int}/links", ReplaceAsync)
            .WithMetadata(new ApiEndpoint("Projects", "Replace the links into repository and trackers; what is left out is forgotten", ApiScope.Admin) { Answer = typeof(ProjectLinks), Body = typeof(ProjectLinks) });
    }

    private static async Task<IResult> ShowAsync(int id, IConfigStore store, CancellationToken cancel, bool saved = false) =>
        await store.GetProjectAsync(id, cancel) is { } project
            ? Page.Of<LinksPage>(new() { ["Project"] = project, ["Form"] = LinksForm.Of(project.Links), ["Saved"] = saved })
            : Results.NotFound();

    private static async Task<IResult> SaveAsync(int id, [FromForm] LinksForm form, IConfigStore store, CancellationToken cancel)
    {
        if (await store.GetProjectAsync(id, cancel) is not { } project)
            return Results.NotFound();
        if (form.Problems() is { Count: > 0 } problems)
            return Page.Of<LinksPage>(new() { ["Project"] = project, ["Form"] = form, ["Problems"] = problems }, 400);
        await store.SetLinksAsync(id, form.ToLinks(), cancel);
        return Results.LocalRedirect($"/projects/{id}/links?saved=true");
    }

    private static async Task<IResult> ReadAsync(int id, IConfigStore store, CancellationToken cancel) =>
        await store.GetProjectAsync(id, cancel) is { } project ? Jsend.Success(project.Links) : NoSuchProject();

    /// <summary>What is left out is forgotten.</summary>
    private static async Task<IResult> ReplaceAsync(int id, [FromBody] ProjectLinks links, IConfigStore store, CancellationToken cancel)
    {
        if (await store.GetProjectAsync(id, cancel) is null)
            return NoSuchProject();
        if (LinksForm.Problems(links) is { Count: > 0 } problems)
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_links", string.Join(' ', problems));
        await store.SetLinksAsync(id, links, cancel);
        return Jsend.Success(links);
    }

    private static IResult NoSuchProject() => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", "There is no such project.");
}

using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.SourceMaps;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SigningIn;
using ErrorPipeline.Web.SourceMaps.Fetching;
using ErrorPipeline.Web.SourceMaps.Sentry;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SourceMaps;

/// <summary>The page of a project's source maps: what is there, the tokens that upload, and how.</summary>
internal static class SourceMapPages
{
    private const int MostReleases = 200;
    private const int MostListed = 500;

    public static void MapSourceMapPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/projects/{id:int}/source-maps");
        pages.MapGet("", (int id, string? release, SourceMapsView view, HttpContext http) => view.ShowAsync(id, http, release));
        pages.MapPost("/{artifact:long}/delete", DeleteAsync);
        pages.MapPost("/releases/delete", DeleteReleaseAsync);
        pages.MapPost("/tokens", MakeTokenAsync);
        pages.MapPost("/tokens/revoke", RevokeTokenAsync);
        pages.MapPost("/fetching", SetFetchingAsync);
    }

    private static async Task<IResult> DeleteAsync(int id, long artifact, [FromForm] string? release, IArtifactStore store, CancellationToken cancel)
    {
        await store.DeleteAsync(id, artifact, cancel);
        return Back(id, release is null ? "" : "?release=" + Uri.EscapeDataString(release));
    }

    private static async Task<IResult> DeleteReleaseAsync(int id, [FromForm] string? release, IArtifactStore store, CancellationToken cancel)
    {
        await store.DeleteReleaseAsync(id, release ?? "", cancel);
        return Back(id, "");
    }

    /// <summary>The token is in this answer and nowhere else.</summary>
    private static async Task<IResult> MakeTokenAsync(
        int id, [FromForm] string? name, SourceMapsView view, IConfigStore config, UploadTokens tokens, HttpContext http, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is null)
            return Results.NotFound();
        if (TokenName.Problem(name, (await config.ListUploadTokensAsync(id, cancel)).Count) is { } problem)
            return await view.ShowAsync(id, http, null, problem: problem);
        return await view.ShowAsync(id, http, null, made: await tokens.MakeAsync(id, name!.Trim(), cancel));
    }

    private static async Task<IResult> RevokeTokenAsync(int id, [FromForm] string? token, IConfigStore config, CancellationToken cancel) =>
        await config.RevokeUploadTokenAsync(id, token ?? "", cancel) ? Back(id, "#tokens") : Results.NotFound();

    private static async Task<IResult> SetFetchingAsync(
        int id, [FromForm] string? origins, SourceMapsView view, IConfigStore config, HttpContext http, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is not { } project)
            return Results.NotFound();
        var (read, problem) = FetchOrigins.Read(origins);
        if (problem is not null)
            return await view.ShowAsync(id, http, null, problem: problem);
        await config.SetPolicyAsync(id, project.Policy with { FetchOrigins = read }, cancel);
        return Back(id, "#fetching");
    }

    private static IResult Back(int id, string rest) => Results.LocalRedirect($"/projects/{id}/source-maps{rest}");

    internal sealed class SourceMapsView(IConfigStore config, IArtifactStore store, IErrorReader errors, MapFetching fetching, IOptions<ArtifactOptions> options)
    {
        public async Task<IResult> ShowAsync(int id, HttpContext http, string? release, string? made = null, string? problem = null)
        {
            var cancel = http.RequestAborted;
            if (await config.GetProjectAsync(id, cancel) is not { } project)
                return Results.NotFound();
            return Page.Of<SourceMapsPage>(new()
            {
                ["Project"] = project,
                ["Releases"] = await store.ListReleasesAsync(id, MostReleases, cancel),
                ["Release"] = release,
                ["Artifacts"] = release is null ? [] : await store.ListAsync(id, MostListed, cancel, release),
                ["Tokens"] = await config.ListUploadTokensAsync(id, cancel),
                ["Made"] = made,
                ["Problem"] = problem,
                ["Repair"] = await RepairAsync(cancel),
                ["Fetched"] = fetching.Results(id),
                ["Usage"] = await store.GetUsageAsync(cancel),
                ["Options"] = options.Value,
                ["Slug"] = ProjectNames.SlugOf(project),
                ["Site"] = $"{http.Request.Scheme}://{http.Request.Host}",
            }, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
        }

        /// <summary>The page is of use before the writer has made the store of errors too.</summary>
        private async Task<RemapProgress?> RepairAsync(CancellationToken cancel)
        {
            try
            {
                return await errors.GetRemapProgressAsync(cancel);
            }
            catch (StoreUnavailableException)
            {
                return null;
            }
        }
    }
}

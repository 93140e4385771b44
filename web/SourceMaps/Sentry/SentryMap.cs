using ErrorPipeline.Shared.Storage;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.SourceMaps.Sentry;

/// <summary>What sentry-cli and the Sentry plugins of bundlers call when they upload source maps: they work unchanged with this server's address.</summary>
internal static class SentryMap
{
    public static void MapSentryUploads(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(SentryAnswers.Prefix).WithMetadata(new TakesUploadToken(alone: true));
        api.MapGet("/", () => SentryAnswers.Ok(new { version = "0", auth = new { scopes = new[] { "project:releases" } }, user = (string?)null }));

        var organization = api.MapGroup("/organizations/{organization}");
        organization.MapGet("/", (string organization) => SentryAnswers.Ok(new { id = "1", slug = organization, name = organization }));
        organization.MapGet("/projects/", ProjectsAsync);
        organization.MapGet("/repos/", () => SentryAnswers.Ok(Array.Empty<string>()));
        organization.MapGet("/chunk-upload/", ChunkUploads.Capabilities);
        organization.MapPost("/chunk-upload/", ChunkUploads.TakeAsync).WithMetadata(new RequestSizeLimitAttribute(ChunkUploads.LargestBody));
        organization.MapPost("/artifactbundle/assemble/", Assembling.BundleAsync);
        organization.MapPost("/releases/{version}/assemble/", Assembling.ReleaseFilesAsync);
        organization.MapGet("/releases/{version}/previous-with-commits/", () => SentryAnswers.Ok(new { }));
        MapReleases(organization);
        MapReleases(api.MapGroup("/projects/{organization}/{project}"));
        api.MapFallback((HttpRequest request) => SentryAnswers.Problem(
            StatusCodes.Status404NotFound, $"ErrorPipeline takes uploads of source maps and releases here, not {request.Method} {request.Path}."));
    }

    private static void MapReleases(RouteGroupBuilder group)
    {
        group.MapGet("/releases/", KnownReleases.ListAsync);
        group.MapGet("/releases/{version}/", KnownReleases.InfoAsync);
        group.MapDelete("/releases/{version}/", KnownReleases.DeleteAsync);
        group.MapPost("/releases/", SentryReleases.CreateAsync).WithMetadata(new RequestSizeLimitAttribute(SentryReleases.LargestBody));
        group.MapPut("/releases/{version}/", SentryReleases.UpdateAsync).WithMetadata(new RequestSizeLimitAttribute(SentryReleases.LargestBody));
        group.MapPost("/releases/{version}/deploys/", SentryReleases.DeployAsync);
        group.MapGet("/releases/{version}/deploys/", () => SentryAnswers.Ok(Array.Empty<string>()));
        group.MapGet("/releases/{version}/commits/", () => SentryAnswers.Ok(Array.Empty<string>()));
    }

    private static async Task<IResult> ProjectsAsync(HttpContext http, ProjectNames names) => SentryAnswers.Ok((await names.ListAsync(http)).Select(project => new
    {
        id = project.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        slug = ProjectNames.SlugOf(project),
        name = project.Name,
        teams = Array.Empty<string>(),
    }));
}

using System.Globalization;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.SourceMaps;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.SigningIn;
using ErrorPipeline.Web.SourceMaps.Bundles;
using ErrorPipeline.Web.SourceMaps.Chunks;
using ErrorPipeline.Web.SourceMaps.Fetching;
using ErrorPipeline.Web.SourceMaps.Sentry;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SourceMaps;

/// <summary>Source maps of a project: uploaded by builds, listed and deleted by people too.</summary>
internal static class ArtifactsMap
{
    private const int MostListed = 500;

    /// <summary>Decoding takes several times a map's size.</summary>
    private static readonly SemaphoreSlim Reading = new(2);

    public static void AddArtifacts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ArtifactOptions>().BindConfiguration("Artifacts").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ArtifactOptions>, ArtifactOptionsValidator>();
        services.AddSingleton<ProjectNames>();
        services.AddSingleton<SourceMapPages.SourceMapsView>();
        services.AddSingleton<BundleImport>();
        services.AddSingleton<ArtifactRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<ArtifactRetention>());
        services.AddSingleton(_ => new SiteReader([]));
        services.AddSingleton<MapFetch>();
        services.AddSingleton<MapFetching>();
        services.AddHostedService(provider => provider.GetRequiredService<MapFetching>());
        services.AddSingleton<Assembly>();
        services.AddSingleton(provider => new ChunkShelf(
            Path.Combine(provider.GetRequiredService<IOptions<PipelineOptions>>().Value.DataDirectory, "uploads"),
            provider.GetRequiredService<IOptions<ArtifactOptions>>().Value.MaxUploadBytes, provider.GetRequiredService<TimeProvider>()));
    }

    public static void MapArtifacts(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/projects/{id:int}/artifacts").WithMetadata(new TakesUploadToken());
        api.AddEndpointFilter(OwnProjectAsync);
        api.MapGet("", ListAsync).WithMetadata(new ApiEndpoint("Source maps", "List uploaded files, the newest first") { Answer = typeof(IReadOnlyList<Artifact>) });
        api.MapPut("", UploadAsync).WithMetadata(new RequestSizeLimitAttribute(UploadReader.LargestFile), new ApiEndpoint("Source maps", "Upload a file", ApiScope.Write)
        {
            Answer = typeof(Artifact),
            BodyType = "application/octet-stream",
            Query = [new("release", "of this release; none where the file is found by its debug id"), new("dist", "tells builds of one release apart"), new("url", "where browsers get the file, such as ~/static/app.js.map")],
        });
        api.MapDelete("/{artifact:long}", DeleteAsync).WithMetadata(new ApiEndpoint("Source maps", "Delete a file", ApiScope.Write) { Answer = typeof(ApiDeleted) });
        api.MapDelete("", DeleteReleaseAsync).WithMetadata(new ApiEndpoint("Source maps", "Delete the files of a release", ApiScope.Write)
        {
            Answer = typeof(ApiVersion),
            Query = [new("release", "whose files go") { IsRequired = true }],
        });
        app.MapSentryUploads();
        app.MapSourceMapPages();
    }

    /// <summary>A token of another project learns nothing, not even that this one exists.</summary>
    private static async ValueTask<object?> OwnProjectAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        UploadTokens.Opens(call.HttpContext.User, int.Parse((string)call.HttpContext.GetRouteValue("id")!, CultureInfo.InvariantCulture)) ? await next(call) : NoSuch("project");

    private static async Task<IResult> ListAsync(int id, IConfigStore config, IArtifactStore store, CancellationToken cancel) =>
        await config.GetProjectAsync(id, cancel) is null ? NoSuch("project") : Jsend.Success(await store.ListAsync(id, MostListed, cancel));

    private static async Task<IResult> UploadAsync(
        int id, string? release, string? dist, string? url, HttpRequest request, IConfigStore config, IArtifactStore store, TimeProvider clock, CancellationToken cancel)
    {
        if (request.ContentLength > UploadReader.LargestFile)
            return TooLarge();
        if (await config.GetProjectAsync(id, cancel) is null)
            return NoSuch("project");
        await Reading.WaitAsync(cancel);
        try
        {
            using var content = new MemoryStream((int)(request.ContentLength ?? 0));
            await request.Body.CopyToAsync(content, cancel);
            var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
            return Jsend.Success((await store.PutAsync(UploadReader.Read(id, release, dist, url, bytes), clock.GetUtcNow(), cancel))[0]);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge();
        }
        catch (SourceMapException e)
        {
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "bad_source_map", $"This is no source map that can be used: {e.Message}.");
        }
        catch (ArtifactRefusedException e)
        {
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "refused", e.Message);
        }
        finally
        {
            Reading.Release();
        }
    }

    private static async Task<IResult> DeleteAsync(int id, long artifact, IArtifactStore store, CancellationToken cancel) =>
        await store.DeleteAsync(id, artifact, cancel) ? Jsend.Success(new ApiDeleted(artifact)) : NoSuch("artifact");

    private static async Task<IResult> DeleteReleaseAsync(int id, string? release, IConfigStore config, IArtifactStore store, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is null)
            return NoSuch("project");
        if (string.IsNullOrEmpty(release))
            return Jsend.Problem(StatusCodes.Status400BadRequest, "bad_request", "Name the release by \"release\".");
        await store.DeleteReleaseAsync(id, release, cancel);
        return Jsend.Success(new ApiVersion(release));
    }

    private static IResult TooLarge() => Jsend.Problem(
        StatusCodes.Status413PayloadTooLarge, "too_large", $"The file is larger than {UploadReader.LargestFile / (1024 * 1024)} MB.");

    private static IResult NoSuch(string what) => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}.");
}

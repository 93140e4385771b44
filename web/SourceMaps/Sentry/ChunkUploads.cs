using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.SigningIn;
using ErrorPipeline.Web.SourceMaps.Chunks;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ErrorPipeline.Web.SourceMaps.Sentry;

/// <summary>The endpoint that tells clients how to upload, and takes the parts.</summary>
internal static class ChunkUploads
{
    public const int LargestRequest = 32 * 1024 * 1024;

    /// <summary>For the multipart frame around the parts.</summary>
    public const int LargestBody = LargestRequest + (1024 * 1024);
    private const long LargestUpload = 1024L * 1024 * 1024;
    private const int MostParts = 64;

    public static IResult Capabilities(HttpRequest request) => SentryAnswers.Ok(new
    {
        // Whole, because not every client completes a path.
        url = $"{request.Scheme}://{request.Host}{request.Path}",
        chunkSize = ChunkShelf.ChunkBytes,
        chunksPerRequest = MostParts,
        maxFileSize = LargestUpload,
        maxRequestSize = LargestRequest,
        concurrency = 4,
        hashAlgorithm = "sha1",
        compression = new[] { "gzip" },
        accept = new[] { "release_files", "artifact_bundles", "artifact_bundles_v2" },
    });

    public static async Task<IResult> TakeAsync(HttpContext http, ChunkShelf shelf)
    {
        var request = http.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
            return SentryAnswers.Problem(StatusCodes.Status400BadRequest, "Parts are uploaded as multipart/form-data.");
        if (!shelf.HasRoomFor(request.ContentLength ?? LargestRequest))
        {
            http.Response.Headers.RetryAfter = "60";
            return SentryAnswers.Problem(StatusCodes.Status503ServiceUnavailable, "Too many uploads are in progress: try again in some minutes (setting Artifacts:MaxUploadBytes).");
        }

        try
        {
            return await ReadAsync(http, new(boundary, request.Body), shelf);
        }
        catch (ArtifactRefusedException e)
        {
            return SentryAnswers.Problem(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested))
        {
            return SentryAnswers.Problem(StatusCodes.Status400BadRequest, "The multipart body is damaged.");
        }
    }

    private static async Task<IResult> ReadAsync(HttpContext http, MultipartReader parts, ChunkShelf shelf)
    {
        var taken = 0;
        while (await parts.ReadNextSectionAsync(http.RequestAborted) is { } part)
        {
            if (++taken > MostParts)
                return SentryAnswers.Problem(StatusCodes.Status400BadRequest, $"At most {MostParts} parts a request.");
            if (part.GetContentDispositionHeader() is not { } about || HeaderUtilities.RemoveQuotes(about.FileName).Value is not { } hash || !ChunkShelf.IsHash(hash))
                return SentryAnswers.Problem(StatusCodes.Status400BadRequest, "A part is named by its SHA-1, 40 lower-case hex digits.");
            await shelf.PutAsync(Callers.Of(http), hash, part.Body, HeaderUtilities.RemoveQuotes(about.Name).Value == "file_gzip", http.RequestAborted);
        }

        return SentryAnswers.Ok(new { });
    }
}

internal static class Callers
{
    /// <summary>Whose shelf of parts it is: that of the token's project.</summary>
    public static string Of(HttpContext http) => http.User.FindFirst(UploadTokens.Claim)?.Value ?? UploadTokens.AllProjects;
}

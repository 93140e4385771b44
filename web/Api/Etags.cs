using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace ErrorPipeline.Web.Api;

/// <summary>
/// Readings of <c>/api/v1</c> carry a tag of their content, and answer 304 to who has it already: what has not changed is not sent again. Downloads
/// that are written while they are read have none.
/// </summary>
internal sealed class Etags(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || !ApiGate.IsFor(http.Request) || http.GetEndpoint()?.Metadata.GetMetadata<ApiEndpoint>() is not { Streams.Count: 0 })
        {
            await next(http);
            return;
        }

        var body = http.Response.Body;
        using var kept = new MemoryStream();
        http.Response.Body = kept;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        if (http.Response.StatusCode == StatusCodes.Status200OK && IsKnown(http, kept))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            http.Response.ContentLength = null;
            http.Response.Headers.Remove(HeaderNames.ContentType);
            return;
        }

        // An answer without a body may still get one: the words for its status.
        if (kept.Length > 0)
            await body.WriteAsync(kept.GetBuffer().AsMemory(0, (int)kept.Length), http.RequestAborted);
    }

    private static bool IsKnown(HttpContext http, MemoryStream content)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)).AsSpan(0, 12))}\"";
        http.Response.Headers.ETag = tag;
        // Kept by its reader alone, and asked about each time.
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = "Authorization, Cookie";
        return http.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known
            && known.Any(had => had.Equals(EntityTagHeaderValue.Any) || had.Tag.Equals(tag, StringComparison.Ordinal));
    }
}

namespace ErrorPipeline.Web.SourceMaps;

/// <summary>Marks the endpoints that the token of setting Web:UploadToken opens; it opens no other.</summary>
internal sealed class TakesUploadToken
{
    public static bool On(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<TakesUploadToken>() is not null;
}

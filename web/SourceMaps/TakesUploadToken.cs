namespace ErrorPipeline.Web.SourceMaps;

/// <summary>Marks the endpoints that upload tokens open; they open no other.</summary>
/// <param name="alone">No other token opens it.</param>
internal sealed class TakesUploadToken(bool alone = false)
{
    public static bool On(HttpContext http) => Of(http) is not null;

    public static bool Alone(HttpContext http) => Of(http) is { IsAlone: true };

    private bool IsAlone { get; } = alone;

    private static TakesUploadToken? Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<TakesUploadToken>();
}

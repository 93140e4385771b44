using System.Text.Json;

namespace ErrorPipeline.Web.Api;

/// <summary>Every endpoint of <c>/api/v1</c> as its own metadata describes it: for the OpenAPI document and for the page.</summary>
internal sealed class ApiCatalog
{
    private readonly Lazy<IReadOnlyList<ApiCall>> _calls;
    private readonly Lazy<byte[]> _document;

    public ApiCatalog(EndpointDataSource endpoints)
    {
        // Endpoints are mapped after services are made.
        _calls = new(() => [.. Calls(endpoints).OrderBy(c => c.Path, StringComparer.Ordinal).ThenBy(c => c.Method, StringComparer.Ordinal)]);
        _document = new(() => JsonSerializer.SerializeToUtf8Bytes(OpenApiDocument.Of(_calls.Value)));
    }

    public byte[] Document => _document.Value;

    public IReadOnlyList<IGrouping<string, ApiCall>> Groups => [.. _calls.Value.GroupBy(c => c.About.Group).OrderBy(g => g.Key, StringComparer.Ordinal)];

    private static IEnumerable<ApiCall> Calls(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        let about = endpoint.Metadata.GetMetadata<ApiEndpoint>()
        where about is { IsListed: true }
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select new ApiCall(method, endpoint.RoutePattern, about);
}

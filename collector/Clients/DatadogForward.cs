using Microsoft.AspNetCore.WebUtilities;

namespace ErrorPipeline.Collector.Clients;

/// <summary>
/// Where a Datadog client's request was meant to go: told in <c>ddforward</c> by the proxy option that is an address, or
/// the request's own path by the one that is a function.
/// </summary>
internal readonly record struct DatadogForward(string Path, Func<string, string?> Find)
{
    public string? this[string name] => Find(name);

    public static DatadogForward Of(HttpRequest request)
    {
        if (request.Query["ddforward"] is not [{ Length: > 0 } forward])
            return new(request.Path.Value ?? "", name => request.Query[name]);
        var mark = forward.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseNullableQuery(mark < 0 ? "" : forward[mark..]);
        return new(mark < 0 ? forward : forward[..mark], name => query is not null && query.TryGetValue(name, out var value) ? value.ToString() : null);
    }
}

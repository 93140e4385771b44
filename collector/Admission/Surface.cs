using ErrorPipeline.Collector.Agent;
using ErrorPipeline.Collector.Clients;

namespace ErrorPipeline.Collector.Admission;

/// <summary>
/// The collector's addresses. Told apart by hand, ours first: no routing table is needed, and what nobody serves gets an answer
/// that says so.
/// </summary>
internal sealed class Surface(EventsEndpoint events, AsideEndpoint asides, AgentFiles agent)
{
    private static readonly Refusal NotFound = new(404, "not_found", "there is nothing here: events go by POST to /api/{key}/events, or to the address that the client's setup page shows");

    /// <summary>Health and metrics are left to <paramref name="next"/>.</summary>
    public Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path;
        if (KeyOf(path.Value) is { } key)
            return events.HandleAsync(http, ClientProtocols.Native, key);
        if (agent.Has(path))
            return agent.ServeAsync(http);
        if (http.GetEndpoint() is null && ClientRoutes.Find(http.Request) is { } route)
            return route.Protocol is { } protocol ? events.HandleAsync(http, protocol, route.Key) : asides.HandleAsync(http, route.Fixed!, route.Key);
        return http.GetEndpoint() is null ? RefuseAsync(http) : next(http);
    }

    private static Task RefuseAsync(HttpContext http)
    {
        Cors.Allow(http, null);
        return Answers.RefuseAsync(http, NotFound).AsTask();
    }

    /// <summary>The key of "/api/{key}/events", with or without a slash at the end; null for any other path.</summary>
    private static string? KeyOf(string? path)
    {
        const string start = "/api/";
        const string end = "/events";
        if (path is null || !path.StartsWith(start, StringComparison.Ordinal))
            return null;
        var rest = path.AsSpan(start.Length);
        if (rest is [.., '/'])
            rest = rest[..^1];
        if (!rest.EndsWith(end, StringComparison.Ordinal))
            return null;
        var key = rest[..^end.Length];
        return key.IsEmpty || key.Contains('/') ? null : key.ToString();
    }
}

using System.Text.RegularExpressions;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.SourceMaps;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

/// <summary>Every way into the dashboard, as its own routing table tells: what is added tomorrow is tested tomorrow.</summary>
internal static partial class Endpoints
{
    public static IReadOnlyList<(string Method, string Path)> All(DashboardRig rig) =>
    [
        .. rig.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT", "DELETE"]).Select(m => (m, Fill(e.RoutePattern.RawText!))))
            .Distinct(),
    ];

    /// <summary>Every page and reading that can be opened with what is known: a path that asks for something else is passed over.</summary>
    /// <param name="known">By the name of the parameter; "id" is an issue, an event or a project, as the path goes.</param>
    public static IReadOnlyList<string> Readings(DashboardRig rig, IReadOnlyDictionary<string, string> known) =>
    [
        .. rig.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is ["GET"] && e.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Where(e => e.RoutePattern.RawText!.TrimEnd('/') is not ("/live" or "/api/v1/issues/export") && e.RoutePattern.Parameters.All(p => known.ContainsKey(Named(e, p.Name))))
            .Where(e => e.Metadata.GetMetadata<TakesUploadToken>() is null || e.Metadata.GetMetadata<ApiEndpoint>() is not null)
            .Select(e => "/" + Parameter().Replace(e.RoutePattern.RawText!.TrimStart('/'), m => known[Named(e, m.Value.Trim('{', '}').Split(':')[0])]))
            .Select(path => path + QueryOf(path, known))
            .Distinct(),
    ];

    /// <summary>What a page or reading shows nothing without.</summary>
    private static string QueryOf(string path, IReadOnlyDictionary<string, string> known) => path switch
    {
        _ when path.StartsWith("/api/", StringComparison.Ordinal) && path.EndsWith("/merge", StringComparison.Ordinal) => "?with=" + known["other"],
        _ when path.EndsWith("/release", StringComparison.Ordinal) || path.EndsWith("/release-issues", StringComparison.Ordinal) => "?version=" + Uri.EscapeDataString(known["release"]),
        _ => "",
    };

    private static string Named(RouteEndpoint endpoint, string name) => name != "id" ? name
        : endpoint.RoutePattern.RawText!.Contains("/issues/", StringComparison.Ordinal) ? "issue"
        : endpoint.RoutePattern.RawText.Contains("/events/", StringComparison.Ordinal) ? "event" : "project";

    /// <summary>"/issues/{project:int}/{id:long}" -> "/issues/1/1".</summary>
    public static string Fill(string pattern) => "/" + Parameter().Replace(pattern, "1").TrimStart('/');

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}

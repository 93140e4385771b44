using System.Text.RegularExpressions;
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

    /// <summary>"/issues/{project:int}/{id:long}" -> "/issues/1/1".</summary>
    public static string Fill(string pattern) => "/" + Parameter().Replace(pattern, "1").TrimStart('/');

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}

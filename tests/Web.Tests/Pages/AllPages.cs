using System.Text.RegularExpressions;
using ErrorPipeline.Web.Issues;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests.Pages;

/// <summary>The address of every page, from the routing table itself, with something there to show: a page that is added tomorrow is tested tomorrow.</summary>
internal static partial class AllPages
{
    /// <summary>Not pages: for programs and scripts.</summary>
    private static readonly string[] Others = ["/api/", "/assets/", "/healthz/", "/metrics", "/live"];

    /// <summary>Pages that show nothing without a question.</summary>
    private static readonly Dictionary<string, Func<LivedIn, string>> Queries = new(StringComparer.Ordinal)
    {
        ["/projects/{id:int}/release"] = _ => "?version=shop-4.18.2",
        ["/receipts"] = lived => $"?event={lived.Event}",
    };

    /// <summary>The pages, and some of them as they are when they have more or less to show.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(LivedIn lived)
    {
        using var visitor = await lived.Rig.VisitSignedInAsync();
        var pages = new List<string>();
        foreach (var path in Routes(lived))
        {
            using var answer = await visitor.GetAsync(path);
            if (answer.Content.Headers.ContentType?.MediaType != "text/html")
                continue;
            var text = await answer.Content.ReadAsStringAsync();
            if (!text.Contains("<html", StringComparison.Ordinal))
                continue; // a part of one, for scripts
            ((int)answer.StatusCode).Should().Be(200, "{0} should show something: tell AllPages what its parameters are", path);
            pages.Add(path);
        }

        return
        [
            .. pages, $"/?project={lived.Shop}", "/issues?state=resolved", "/issues?state=ignored", $"/issues?project={lived.Shop}&sort=count", "/issues?q=nothing-is-like-this",
            $"/issues/{lived.Shop}/{lived.Issues[2]}", $"/issues/{lived.Shop}/{lived.Issues[0]}/events?browser=Firefox+145", $"/issues/{lived.Shop}/{lived.Issues[5]}/users", $"/issues/{lived.Shop}/{lived.Issues[0]}/merge?with={lived.Issues[1]}", "/nothing/at/all",
        ];
    }

    /// <summary>"issues-1-3", to name a picture.</summary>
    public static string NameOf(string path) => path == "/" ? "overview" : NotOfNames().Replace(path.Trim('/'), "-").Trim('-');

    private static IEnumerable<string> Routes(LivedIn lived) => lived.Rig.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
        .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).Where(route => !Others.Any(route.StartsWith)).Distinct().Order(StringComparer.Ordinal)
        .Select(route => Fill(route, lived));

    private static string Fill(string route, LivedIn lived) => Parameter().Replace(route, match => match.Value switch
    {
        "{project:int}" => $"{lived.Shop}",
        "{id:int}" => $"{lived.Shop}",
        "{id:long}" => $"{lived.Issues[0]}",
        "{client}" => "snippet",
        "{id}" => lived.Event,
        "{name}" => ShortId.Of("SHOP", lived.Issues[0]),
        _ => "1",
    }) + (Queries.TryGetValue(route, out var query) ? query(lived) : "");

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex("[^A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NotOfNames();
}

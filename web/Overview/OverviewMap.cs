using System.Globalization;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Components.Overview;
using ErrorPipeline.Web.Live;
using ErrorPipeline.Web.Scoping;
using ErrorPipeline.Web.Serving;

namespace ErrorPipeline.Web.Overview;

/// <summary>The first page: how all projects are, or one of them.</summary>
internal static class OverviewMap
{
    public static void AddOverview(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OverviewReader>();
        builder.Services.AddSingleton<SharedFragments<OverviewBody>>();
    }

    public static void MapOverview(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", async (HttpRequest request, OverviewReader reader, CancellationToken cancel) =>
            Page.Of<OverviewPage>(new() { ["View"] = await reader.ReadAsync(Scope.From(request.Query), cancel) }));
        app.MapGet("/overview/body", (HttpContext http, OverviewReader reader, SharedFragments<OverviewBody> fragments) =>
        {
            var scope = Scope.From(http.Request.Query);
            return fragments.GetAsync(http, scope.ToQueryString(), async () => new() { ["View"] = await reader.ReadAsync(scope, CancellationToken.None) });
        });
        app.MapGet("/api/v1/overview", async (HttpRequest request, OverviewReader reader, CancellationToken cancel) => Jsend.Success(ApiOverview.Of(await reader.ReadAsync(Scope.From(request.Query), cancel))))
            .WithMetadata(new ApiEndpoint("About", "What is new, came back and is worst, of all projects or one")
            {
                Answer = typeof(ApiOverview),
                Query = [new("project", "of one project", "integer"), new("env", "of one environment"), new("since", "1h, 24h, 7d or 30d; a day, and the minutes of an hour, where it is not said")],
            });
        app.MapGet("/projects/{id:int}/overview", (int id) => Results.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/?project={id}")));
    }
}

/// <param name="Counts">Events stored in each bar of the time, the present one last.</param>
/// <param name="BarMs">How long a bar is.</param>
/// <param name="Sessions">As far as clients tell of them; null where none does.</param>
internal sealed record ApiOverview(OverviewFacts Facts, IReadOnlyList<long> Counts, long BarMs, ReleaseSessions? Sessions)
{
    public static ApiOverview Of(OverviewView view) => new(view.Facts, view.Counts, view.Course.BarMs, view.Sessions);
}

using System.Globalization;
using ErrorPipeline.Web.Components.Overview;
using ErrorPipeline.Web.Live;
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
        app.MapGet("/", async (string? project, OverviewReader reader, CancellationToken cancel) =>
            Page.Of<OverviewPage>(new() { ["View"] = await reader.ReadAsync(IdOf(project), cancel) }));
        app.MapGet("/overview/body", (HttpContext http, string? project, OverviewReader reader, SharedFragments<OverviewBody> fragments) =>
            fragments.GetAsync(http, $"{IdOf(project)}", async () => new() { ["View"] = await reader.ReadAsync(IdOf(project), CancellationToken.None) }));
        app.MapGet("/projects/{id:int}/overview", (int id) => Results.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/?project={id}")));
    }

    private static int? IdOf(string? project) => int.TryParse(project, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
}

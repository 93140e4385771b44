using System.Globalization;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
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
        app.MapGet("/api/v1/overview", async (int? project, OverviewReader reader, CancellationToken cancel) => Jsend.Success(ApiOverview.Of(await reader.ReadAsync(project, cancel))))
            .WithMetadata(new ApiEndpoint("About", "What is new, came back and is worst, of all projects or one") { Answer = typeof(ApiOverview), Query = [new("project", "of one project", "integer")] });
        app.MapGet("/projects/{id:int}/overview", (int id) => Results.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/?project={id}")));
    }

    private static int? IdOf(string? project) => int.TryParse(project, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
}

/// <param name="Minutes">Events stored in each minute of the last hour, the present one last.</param>
internal sealed record ApiOverview(OverviewFacts Facts, IReadOnlyList<long> Minutes)
{
    public static ApiOverview Of(OverviewView view) => new(view.Facts, view.Minutes);
}

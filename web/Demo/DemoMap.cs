using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Demo;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.Settings;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Demo;

internal static class DemoMap
{
    /// <summary>A page of a made-up shop that breaks on demand. Open to anyone, so it is only there where it was asked for.</summary>
    public static void MapDemo(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<ServeOptions>>().Value.Demo)
            return;
        app.MapGet("/demo", ShowAsync).AllowAnonymous();
        app.MapGet("/demo/left", () => Page.Of<DemoLeftPage>([])).AllowAnonymous();
    }

    private static async Task<IResult> ShowAsync(HttpContext http, IConfigStore store, Snippet snippet, CancellationToken cancel)
    {
        var project = (await store.ListProjectsAsync(cancel)).FirstOrDefault(p => p.Name == FirstStart.DemoProject);
        if (project?.Keys.FirstOrDefault(k => k.RevokedAt is null) is not { } key)
            return Results.NotFound();
        SecurityHeaders.AllowCollector(http, snippet.CollectorOrigin);
        return Page.Of<DemoPage>(new() { ["Script"] = snippet.ScriptFor(key), ["ProjectId"] = project.Id });
    }
}

using ErrorPipeline.Web.Components.Pipeline;
using ErrorPipeline.Web.Serving;

namespace ErrorPipeline.Web.Pipeline;

internal static class PipelineMap
{
    public static void AddPipeline(this WebApplicationBuilder builder) => builder.Services.AddSingleton<PipelineReader>();

    public static void MapPipeline(this IEndpointRouteBuilder app) =>
        app.MapGet("/pipeline", async (PipelineReader pipeline, CancellationToken cancel) =>
            Page.Of<PipelinePage>(new() { ["State"] = await pipeline.ReadAsync(cancel) }));
}

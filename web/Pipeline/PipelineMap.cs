using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.Components.Pipeline;
using ErrorPipeline.Web.Serving;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Pipeline;

internal static class PipelineMap
{
    public static void AddPipeline(this WebApplicationBuilder builder) => builder.Services.AddSingleton<PipelineReader>();

    public static void MapPipeline(this IEndpointRouteBuilder app)
    {
        app.MapGet("/pipeline", async (PipelineReader pipeline, CancellationToken cancel) =>
            Page.Of<PipelinePage>(new() { ["State"] = await pipeline.ReadAsync(cancel) }));
        app.MapPost("/pipeline/dead/{lane:int}/{id}/replay", (int lane, string id, DeadLetters dead, IOptions<PipelineOptions> options) =>
            ChangeAsync(lane, id, options, dead.ReplayAsync));
        app.MapPost("/pipeline/dead/{lane:int}/{id}/drop", (int lane, string id, DeadLetters dead, IOptions<PipelineOptions> options) =>
            ChangeAsync(lane, id, options, dead.DropAsync));
    }

    /// <summary>A letter that is gone already, by somebody else's click, is as good as done.</summary>
    private static async Task<IResult> ChangeAsync(int lane, string id, IOptions<PipelineOptions> options, Func<Lane, StreamId, Task<bool>> change)
    {
        if (lane < 0 || lane >= options.Value.Lanes || !TryParse(id, out var letter))
            return Results.NotFound();
        await change(new Lane(lane), letter);
        return Results.LocalRedirect("/pipeline#dead");
    }

    private static bool TryParse(string text, out StreamId id)
    {
        try
        {
            id = StreamId.Parse(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            id = default;
            return false;
        }
    }
}

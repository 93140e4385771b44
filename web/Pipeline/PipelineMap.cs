using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Components.Pipeline;
using ErrorPipeline.Web.Serving;

namespace ErrorPipeline.Web.Pipeline;

internal static class PipelineMap
{
    public static void AddPipeline(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PipelineReader>();
        builder.Services.AddSingleton<MinuteLedgers>();
    }

    public static void MapPipeline(this IEndpointRouteBuilder app)
    {
        app.MapGet("/pipeline", ShowAsync);
        app.MapGet("/api/v1/pipeline/minutes", async (string? project, string? range, MinuteLedgers ledgers, CancellationToken cancel) =>
            Jsend.Success(await ledgers.ReadAsync(LedgerFilter.From(project, range), cancel)))
            .WithMetadata(new ApiEndpoint("Pipeline", "What came in and what became of it, minute by minute")
            {
                Answer = typeof(MinuteLedger),
                Query = [new("project", "of one project", "integer"), new("range", "how far back", OneOf: [.. LedgerFilter.Ranges.Select(r => r.Name)])],
            });
        app.MapDeadLetters();
        app.MapDeadLettersApi();
    }

    private static async Task<IResult> ShowAsync(
        string? project, string? range, PipelineReader pipeline, MinuteLedgers ledgers, IConfigStore config, CancellationToken cancel)
    {
        var filter = LedgerFilter.From(project, range);
        return Page.Of<PipelinePage>(new()
        {
            ["State"] = await pipeline.ReadAsync(cancel),
            ["Ledger"] = await ledgers.ReadAsync(filter, cancel),
            ["Projects"] = await config.ListProjectsAsync(cancel),
        });
    }
}

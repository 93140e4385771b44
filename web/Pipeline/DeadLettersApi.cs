using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.Api;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Pipeline;

/// <summary>Dead letters for scripts: the same list and the same two things to do with it.</summary>
internal static class DeadLettersApi
{
    private static readonly IReadOnlyList<ApiParameter> Filter =
        [new("stage", "where they died"), new("project", "of one project", "integer"), new("reason", "part of the reason, in any case")];

    public static void MapDeadLettersApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/dead-letters");
        api.MapGet("", ListAsync).WithMetadata(new ApiEndpoint("Dead letters", "List up to 100 dead letters, the newest first") { Answer = typeof(ApiDeadLetters), Query = Filter });
        Map("replay", "Send all that the filter means back to where they died", (dead, lanes, filter) => dead.ReplayAllAsync(lanes, filter));
        Map("drop", "Forget all that the filter means", (dead, lanes, filter) => dead.DropAllAsync(lanes, filter));
        MapOne("replay", "Send a dead letter back to where it died", (dead, lane, id) => dead.ReplayAsync(lane, id));
        MapOne("drop", "Forget a dead letter", (dead, lane, id) => dead.DropAsync(lane, id));

        void Map(string verb, string what, Func<DeadLetters, IEnumerable<Lane>, DeadFilter, Task<long>> change) => api
            .MapPost("/" + verb, async (string? stage, string? project, string? reason, DeadLetters dead, IOptions<PipelineOptions> options) =>
                Jsend.Success(new ApiChanged(await change(dead, Lane.All(options.Value.Lanes), DeadLettersMap.FilterOf(stage, project, reason)))))
            .WithMetadata(new ApiEndpoint("Dead letters", what, ApiScope.Admin) { Answer = typeof(ApiChanged), Query = Filter });

        void MapOne(string verb, string what, Func<DeadLetters, Lane, StreamId, Task<bool>> change) => api
            .MapPost("/{lane:int}/{id}/" + verb, async (int lane, string id, DeadLetters dead, IOptions<PipelineOptions> options) =>
                lane >= 0 && lane < options.Value.Lanes && DeadLettersMap.TryParse(id, out var letter) && await change(dead, new Lane(lane), letter)
                    ? Jsend.Success(new ApiChanged(1))
                    : Jsend.Problem(StatusCodes.Status404NotFound, "not_found", "There is no such dead letter."))
            .WithMetadata(new ApiEndpoint("Dead letters", what, ApiScope.Admin) { Answer = typeof(ApiChanged) });
    }

    private static async Task<IResult> ListAsync(string? stage, string? project, string? reason, DeadLetters dead, IOptions<PipelineOptions> options, LaneLedger ledger)
    {
        var page = await DeadLettersMap.ReadAsync(DeadLettersMap.FilterOf(stage, project, reason), dead, [.. Lane.All(options.Value.Lanes)], ledger);
        return page.RedisProblem is { } problem
            ? Jsend.Problem(StatusCodes.Status503ServiceUnavailable, "redis_down", problem)
            : Jsend.Success(new ApiDeadLetters(page.Letters, page.IsAll, page.Kept));
    }
}

/// <param name="IsAll">Every letter was looked at, so that the list is whole.</param>
/// <param name="Kept">Letters of all kinds.</param>
internal sealed record ApiDeadLetters(IReadOnlyList<DeadState> Letters, bool IsAll, long Kept);

internal sealed record ApiChanged(long Changed);

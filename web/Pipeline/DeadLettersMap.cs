using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.Components.Pipeline;
using ErrorPipeline.Web.Serving;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Pipeline;

internal static class DeadLettersMap
{
    private const int MostShown = 100;

    /// <summary>A filter that fits few is given up after so many letters: their payloads are read with them.</summary>
    private const int MostLookedAt = 2_000;
    private const int LongestReason = 200;

    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
        app.MapGet("/pipeline/dead", async (string? stage, string? project, string? reason, DeadLetters dead, IOptions<PipelineOptions> options, LaneLedger ledger) =>
            Page.Of<DeadLettersPage>(new() { ["Page"] = await ReadAsync(FilterOf(stage, project, reason), dead, [.. Lane.All(options.Value.Lanes)], ledger) }));
        app.MapPost("/pipeline/dead/replay", (Choice choice, DeadLetters dead, IOptions<PipelineOptions> options) =>
            ChangeAllAsync(choice, options, dead.ReplayAllAsync));
        app.MapPost("/pipeline/dead/drop", (Choice choice, DeadLetters dead, IOptions<PipelineOptions> options) =>
            ChangeAllAsync(choice, options, dead.DropAllAsync));
        app.MapPost("/pipeline/dead/{lane:int}/{id}/replay", (int lane, string id, Choice choice, DeadLetters dead, IOptions<PipelineOptions> options) =>
            ChangeAsync(lane, id, choice, options, dead.ReplayAsync));
        app.MapPost("/pipeline/dead/{lane:int}/{id}/drop", (int lane, string id, Choice choice, DeadLetters dead, IOptions<PipelineOptions> options) =>
            ChangeAsync(lane, id, choice, options, dead.DropAsync));
    }

    /// <summary>The address of the same list.</summary>
    public static string PathOf(DeadFilter filter)
    {
        var query = new List<string>();
        if (filter.Stage is { } stage)
            query.Add("stage=" + Uri.EscapeDataString(stage));
        if (filter.ProjectId is { } project)
            query.Add($"project={project}");
        if (filter.Reason is { } reason)
            query.Add("reason=" + Uri.EscapeDataString(reason));
        return "/pipeline/dead" + (query.Count > 0 ? "?" + string.Join('&', query) : "");
    }

    public static async Task<DeadPage> ReadAsync(DeadFilter filter, DeadLetters dead, IReadOnlyList<Lane> lanes, LaneLedger ledger)
    {
        var letters = new List<DeadState>();
        try
        {
            var kept = 0L;
            foreach (var lane in lanes)
                kept += (await ledger.ReadAsync(lane)).DeadLetters;
            var looked = 0;
            await foreach (var letter in dead.FindAsync(lanes, new()))
            {
                if (++looked > MostLookedAt || letters.Count == MostShown)
                    return new(filter, letters, false, kept, null);
                if (filter.Matches(letter.Letter))
                    letters.Add(PipelineReader.Of(letter));
            }

            return new(filter, letters, true, kept, null);
        }
        catch (RedisUnavailableException e)
        {
            return new(filter, letters, false, 0, e.Message);
        }
    }

    private static async Task<IResult> ChangeAllAsync(Choice choice, IOptions<PipelineOptions> options, Func<IEnumerable<Lane>, DeadFilter, Task<long>> change)
    {
        var filter = choice.ToFilter();
        await change(Lane.All(options.Value.Lanes), filter);
        return Results.LocalRedirect(PathOf(filter));
    }

    /// <summary>A letter that is gone already, by somebody else's click, is as good as done.</summary>
    private static async Task<IResult> ChangeAsync(int lane, string id, Choice choice, IOptions<PipelineOptions> options, Func<Lane, StreamId, Task<bool>> change)
    {
        if (lane < 0 || lane >= options.Value.Lanes || !TryParse(id, out var letter))
            return Results.NotFound();
        await change(new Lane(lane), letter);
        return Results.LocalRedirect(PathOf(choice.ToFilter()));
    }

    public static DeadFilter FilterOf(string? stage, string? project, string? reason) => new(
        string.IsNullOrEmpty(stage) ? null : stage,
        int.TryParse(project, out var number) ? number : null,
        string.IsNullOrWhiteSpace(reason) ? null : reason.Length > LongestReason ? reason[..LongestReason] : reason);

    public static bool TryParse(string text, out StreamId id)
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

    /// <summary>The filter as the forms of the page repeat it: what was shown is what is replayed or dropped.</summary>
    internal sealed record Choice(string? Stage, string? Project, string? Reason)
    {
        public static async ValueTask<Choice> BindAsync(HttpContext http)
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return new(form["stage"], form["project"], form["reason"]);
        }

        public DeadFilter ToFilter() => FilterOf(Stage, Project, Reason);
    }
}

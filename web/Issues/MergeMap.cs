using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Components.Issues;
using ErrorPipeline.Web.Serving;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Issues;

/// <summary>Merging, splitting and taking back: first what it would be, then the command. All of it by links and forms.</summary>
internal static class MergeMap
{
    private const int MostAtOnce = 20;
    private const int Offered = 20;

    public static void MapMerges(this IEndpointRouteBuilder app)
    {
        app.MapGet("/issues/{project:int}/{id:long}/merge", ShowAsync);
        app.MapPost("/issues/{project:int}/{id:long}/merge", MergeAsync);
        app.MapPost("/issues/{project:int}/{id:long}/split", SplitAsync);
        app.MapPost("/issues/{project:int}/{id:long}/undo", UndoAsync);
        var api = app.MapGroup("/api/v1/projects/{project:int}/issues/{id:long}");
        IReadOnlyList<ApiParameter> with = [new("with", "number of another issue", "integer") { IsRequired = true, IsMany = true }];
        api.MapGet("/merge", PreviewAsync).WithMetadata(new ApiEndpoint("Issues", "What the issue would be with others merged into it") { Answer = typeof(MergePreview), Query = with });
        api.MapPost("/merge", MergeByApiAsync)
            .WithMetadata(new ApiEndpoint("Issues", "Merge other issues into this one", ApiScope.Write) { Answer = typeof(ApiAccepted), Query = with, Status = StatusCodes.Status202Accepted });
        api.MapPost("/split", SplitByApiAsync)
            .WithMetadata(new ApiEndpoint("Issues", "Give some fingerprints an issue of their own", ApiScope.Write) { Answer = typeof(ApiAccepted), Body = typeof(ApiSplit), Status = StatusCodes.Status202Accepted });
        api.MapGet("/moves", MovesAsync).WithMetadata(new ApiEndpoint("Issues", "The journal of merges and splits") { Answer = typeof(IReadOnlyList<IssueMove>) });
        api.MapPost("/moves/{move:long}/undo", UndoByApiAsync)
            .WithMetadata(new ApiEndpoint("Issues", "Take a merge or split back", ApiScope.Write) { Answer = typeof(ApiAccepted), Status = StatusCodes.Status202Accepted });
    }

    private static async Task<IResult> ShowAsync(
        int project, long id, [FromQuery] long[] with, string? q, IErrorReader errors, IConfigStore config, TimeProvider clock, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is not { } detail)
            return Results.NotFound();
        var others = Others(id, with);
        var preview = others.Count == 0 ? null : await errors.PreviewMergeAsync(project, [id, .. others], cancel);
        var offered = preview is not null ? [] : (await errors.ListIssuesAsync(
            new() { ProjectId = project, Text = q, Limit = Offered + 1, TrendHours = 0, NowHour = clock.GetUtcNow().ToUnixTimeSeconds() / 3600 }, cancel)).Rows;
        return Page.Of<MergePage>(new()
        {
            ["Issue"] = detail.Issue,
            ["ProjectName"] = (await config.GetProjectAsync(project, cancel))?.Name ?? $"project {project}",
            ["Text"] = q,
            ["Preview"] = preview,
            ["Offered"] = offered.Where(row => row.Id != id).Take(Offered).ToList(),
            ["Problem"] = others.Count > 0 && preview is null ? "One of these issues is not there any more: it was merged or deleted meanwhile." : null,
        });
    }

    private static async Task<IResult> MergeAsync(
        HttpContext http, int project, long id, [FromForm] long[] with, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel) =>
        await TellAsync(http, project, id, with, errors, outbox, cancel) ? Results.LocalRedirect(IssueView.PathOf(project, id)) : Results.NotFound();

    private static async Task<IResult> SplitAsync(
        HttpContext http, int project, long id, [FromForm] string? fingerprint, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return Results.NotFound();
        if (!string.IsNullOrEmpty(fingerprint))
            await outbox.AddAsync(CommandKind.Split, id, http.User.Identity?.Name, cancel, command => command with { Fingerprints = [fingerprint] });
        return Results.LocalRedirect(IssueView.PathOf(project, id));
    }

    private static async Task<IResult> UndoAsync(
        HttpContext http, int project, long id, [FromForm] long move, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel) =>
        await TakeBackAsync(http, project, id, move, errors, outbox, cancel) ? Results.LocalRedirect(IssueView.PathOf(project, id)) : Results.NotFound();

    private static async Task<IResult> PreviewAsync(int project, long id, [FromQuery] long[] with, IErrorReader errors, CancellationToken cancel) =>
        await errors.PreviewMergeAsync(project, [id, .. Others(id, with)], cancel) is { } preview ? Jsend.Success(preview) : NoSuch();

    private static async Task<IResult> MergeByApiAsync(
        HttpContext http, int project, long id, [FromQuery] long[] with, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel) =>
        await TellAsync(http, project, id, with, errors, outbox, cancel) ? Jsend.Accepted(false) : NoSuch();

    private static async Task<IResult> SplitByApiAsync(
        HttpContext http, int project, long id, ApiSplit split, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return NoSuch();
        if (split.Fingerprints is not { Count: > 0 and <= MostAtOnce } names)
            return Jsend.Problem(StatusCodes.Status422UnprocessableEntity, "no_fingerprints", $"Name 1 to {MostAtOnce} fingerprints as \"version:fingerprint\".");
        return Jsend.Accepted(await outbox.AddAsync(CommandKind.Split, id, http.User.Identity?.Name, cancel, command => command with { Fingerprints = names }));
    }

    private static async Task<IResult> MovesAsync(int project, long id, IErrorReader errors, CancellationToken cancel) =>
        Jsend.Success(await errors.ListMovesAsync(project, id, 100, cancel));

    private static async Task<IResult> UndoByApiAsync(
        HttpContext http, int project, long id, long move, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel) =>
        await TakeBackAsync(http, project, id, move, errors, outbox, cancel) ? Jsend.Accepted(false) : NoSuch();

    private static async Task<bool> TellAsync(
        HttpContext http, int project, long id, long[] with, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel)
    {
        var others = Others(id, with);
        if (others.Count == 0 || await errors.PreviewMergeAsync(project, [id, .. others], cancel) is null)
            return false;
        await outbox.AddAsync(CommandKind.Merge, id, http.User.Identity?.Name, cancel, command => command with { Sources = others });
        return true;
    }

    private static async Task<bool> TakeBackAsync(
        HttpContext http, int project, long id, long move, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel)
    {
        if ((await errors.ListMovesAsync(project, id, 100, cancel)).All(known => known.Id != move || known.UndoneBy is not null))
            return false;
        await outbox.AddAsync(CommandKind.Undo, id, http.User.Identity?.Name, cancel, command => command with { Move = move });
        return true;
    }

    private static List<long> Others(long id, long[] with) => [.. with.Where(other => other != id).Distinct().Take(MostAtOnce)];

    private static IResult NoSuch() => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", "There are no such issues in this project, or no such move that could be taken back.");
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Commands;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Issues;

/// <summary>Changes of an issue, and its course in time, for scripts.</summary>
internal static class IssuesApi
{
    private const string Group = "Issues";
    private const int MostHours = 24 * 90;
    private const int MostRelated = 20;
    private const int MostFingerprints = 100;

    public static void MapIssuesApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/projects/{project:int}/issues/{id:long}");
        api.MapGet("/series", SeriesAsync).WithMetadata(new ApiEndpoint(Group, "Events an hour, zeros filled in, the present hour last")
        {
            Answer = typeof(ApiSeries),
            Query = [new("hours", $"how many, up to {MostHours}; a day where it is not said", "integer"), new("env", "of one environment")],
        });
        api.MapGet("/related", async (int project, long id, IErrorReader errors, CancellationToken cancel) =>
                await errors.GetIssueAsync(project, id, cancel) is null ? NoSuch() : Jsend.Success(await errors.ListRelatedAsync(project, id, MostRelated, cancel)))
            .WithMetadata(new ApiEndpoint(Group, "Other issues that share visitors, pages or the release with one") { Answer = typeof(RelatedIssues) });
        api.MapGet("/fingerprints", async (int project, long id, IErrorReader errors, CancellationToken cancel) =>
                await errors.GetIssueAsync(project, id, cancel) is null ? NoSuch() : Jsend.Success(await errors.ListFingerprintsAsync(id, MostFingerprints, cancel)))
            .WithMetadata(new ApiEndpoint(Group, "The groups of events that an issue is made of, the largest first") { Answer = typeof(IReadOnlyList<FingerprintTotals>) });
        api.MapPost("/resolve", (HttpContext http, int project, long id, [FromQuery(Name = "in")] string? fix, string? release, StateChanges changes, CancellationToken cancel) =>
                changes.ByApiAsync(http, project, id, CommandKind.Resolve, new(fix, release), cancel))
            .WithMetadata(Change("Resolve an issue", new("in", "where the fix is: next (the release after the newest), now (whatever comes later reopens it) or release:1.4.2"), new("release", "the release with the fix; the newest where none is named")));
        api.MapPost("/ignore", (HttpContext http, int project, long id, string? until, StateChanges changes, CancellationToken cancel) =>
                changes.ByApiAsync(http, project, id, CommandKind.Ignore, new(Until: until), cancel))
            .WithMetadata(Change("Ignore an issue", new ApiParameter("until", "for a time such as 1h or 7d, until events:100 more, or until users:10 more; until reopened where it is not said")));
        api.MapPost("/reopen", (HttpContext http, int project, long id, StateChanges changes, CancellationToken cancel) =>
                changes.ByApiAsync(http, project, id, CommandKind.Reopen, new(), cancel))
            .WithMetadata(Change("Reopen an issue"));
        api.MapDelete("", (HttpContext http, int project, long id, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel) =>
                ChangeAsync(http, project, id, CommandKind.Delete, errors, outbox, cancel))
            .WithMetadata(new ApiEndpoint(Group, "Delete an issue with all its events and counts", ApiScope.Write) { Answer = typeof(ApiAccepted), Status = StatusCodes.Status202Accepted });
    }

    private static async Task<IResult> SeriesAsync(int project, long id, string? env, IErrorReader errors, TimeProvider clock, CancellationToken cancel, int hours = 24)
    {
        if (await errors.GetIssueAsync(project, id, cancel) is null)
            return NoSuch();
        var last = clock.GetUtcNow().ToUnixTimeSeconds() / 3600;
        var first = last - Math.Clamp(hours, 1, MostHours) + 1;
        return Jsend.Success(new ApiSeries(first, await errors.GetSeriesAsync(id, first, last, env, cancel)));
    }

    private static ApiEndpoint Change(string what, params IReadOnlyList<ApiParameter> query) =>
        new(Group, what, ApiScope.Write) { Answer = typeof(ApiBatch), Query = query, Status = StatusCodes.Status202Accepted };

    /// <summary>Asks the writer for a change of an issue that is there.</summary>
    public static async Task<IResult> ChangeAsync(
        HttpContext http, int project, long id, string kind, IErrorReader errors, CommandOutbox outbox, CancellationToken cancel, Func<StoreCommand, StoreCommand>? details = null) =>
        await errors.GetIssueAsync(project, id, cancel) is null ? NoSuch() : Jsend.Accepted(await outbox.AddAsync(kind, id, http.User.Identity?.Name, cancel, details));

    public static IResult NoSuch() => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", "There is no such issue in this project.");
}

/// <param name="FromHour">Hours since 1970 UTC.</param>
internal sealed record ApiSeries(long FromHour, IReadOnlyList<long> Counts);

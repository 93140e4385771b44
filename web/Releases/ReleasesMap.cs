using System.Globalization;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Components.Releases;
using ErrorPipeline.Web.Scoping;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SigningIn;
using ErrorPipeline.Web.SourceMaps;
using Microsoft.AspNetCore.Mvc;

namespace ErrorPipeline.Web.Releases;

/// <summary>The releases of a project: listed for people, told by builds.</summary>
internal static class ReleasesMap
{
    private const int MostListed = 200;
    private const int MostIssues = 25;
    private const int LongestVersion = 200;

    /// <summary>A release of many commits with the files of each.</summary>
    private const int LargestBody = 4 * 1024 * 1024;

    public static void MapReleases(this IEndpointRouteBuilder app)
    {
        app.MapGet("/projects/{id:int}/releases", PageAsync);
        app.MapGet("/projects/{id:int}/release", OneAsync);
        var api = app.MapGroup("/api/v1/projects/{id:int}/releases").WithMetadata(new TakesUploadToken());
        api.MapGet("", ListAsync).WithMetadata(new ApiEndpoint("Releases", "List a project's releases, the newest first") { Answer = typeof(IReadOnlyList<ReleaseRow>) });
        app.MapGet("/api/v1/projects/{id:int}/release-sessions", SessionsAsync).WithMetadata(new ApiEndpoint("Releases", "Sessions by release, as far as clients tell of them: started, hit by an error, crashed")
        {
            Answer = typeof(IReadOnlyList<ReleaseSessions>),
            Query = [new("env", "of one environment"), new("since", "1h, 24h, 7d or 30d; 14 days where it is not said")],
        });
        app.MapGet("/api/v1/projects/{id:int}/release-issues", IssuesAsync).WithMetadata(new ApiEndpoint("Releases", "The issues that are new in a release, came back in it or were fixed in it")
        {
            Answer = typeof(IReadOnlyList<ApiIssue>),
            Query = [new("version", "of the release") { IsRequired = true }, new("how", "which of them; new where it is not said", OneOf: ["new", "regressed", "fixed"])],
        });
        api.MapPost("", TellAsync).WithMetadata(new ApiEndpoint("Releases", "Tell of a release: its version, when, and its place among the others", ApiScope.Write)
        {
            Answer = typeof(ApiVersion),
            Body = typeof(ApiRelease),
            Status = StatusCodes.Status202Accepted,
        }, new RequestSizeLimitAttribute(LargestBody));
    }

    private static async Task<IResult> PageAsync(int id, HttpRequest request, IConfigStore config, IErrorReader errors, TimeProvider clock, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is not { } project)
            return Results.NotFound();
        var now = clock.GetUtcNow();
        var scope = Scope.From(request.Query);
        var since = scope.From(now)?.ToUnixTimeMilliseconds();
        var (releases, sessions) = (errors.ListReleasesAsync(id, MostListed, cancel), errors.ListSessionsAsync(id, scope.Environment, since ?? Adoption.Since(now), cancel));
        var shares = await errors.ListReleaseSharesAsync(id, Adoption.Since(now), scope.Environment, cancel);
        var there = shares.Select(share => share.Release).Concat((await sessions).Select(one => one.Release)).ToHashSet(StringComparer.Ordinal);
        return Page.Of<ReleasesPage>(new()
        {
            ["Project"] = project,
            ["Scope"] = scope,
            ["Releases"] = (await releases).Where(release => (since is null || release.LastReceived >= since) && (scope.Environment is null || there.Contains(release.Version))).ToList(),
            ["Sessions"] = (await sessions).ToDictionary(one => one.Release, StringComparer.Ordinal),
            ["Adoption"] = Adoption.Of(shares, now),
            ["LastDay"] = Adoption.LastDay(shares, now),
            ["Site"] = $"{request.Scheme}://{request.Host}",
        });
    }

    private static async Task<IResult> OneAsync(int id, string? version, HttpRequest request, IConfigStore config, IErrorReader errors, TimeProvider clock, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is not { } project)
            return Results.NotFound();
        var releases = (await errors.ListReleasesAsync(id, MostListed, cancel)).ToList();
        var place = releases.FindIndex(release => release.Version == version);
        if (place < 0)
            return Results.NotFound();
        Task<IReadOnlyList<IssueRow>> Issues(ReleaseIssues how) => errors.ListReleaseIssuesAsync(id, version!, how, MostIssues, cancel);
        var (now, scope) = (clock.GetUtcNow(), Scope.From(request.Query));
        return Page.Of<ReleasePage>(new()
        {
            ["View"] = new ReleaseView
            {
                Project = project,
                Release = releases[place],
                Older = releases.ElementAtOrDefault(place + 1)?.Version,
                Newer = place == 0 ? null : releases[place - 1].Version,
                New = await Issues(ReleaseIssues.New),
                Regressed = await Issues(ReleaseIssues.Regressed),
                Fixed = await Issues(ReleaseIssues.Fixed),
                Adoption = Adoption.Of(await errors.ListReleaseSharesAsync(id, Adoption.Since(now), scope.Environment, cancel), now, version),
                Sessions = (await errors.ListSessionsAsync(id, scope.Environment, (scope.From(now) ?? now.AddDays(-Adoption.Days)).ToUnixTimeMilliseconds(), cancel)).FirstOrDefault(one => one.Release == version),
            },
        });
    }

    private static async Task<IResult> ListAsync(HttpContext http, int id, IConfigStore config, IErrorReader errors, CancellationToken cancel) =>
        UploadTokens.Opens(http.User, id) && await config.GetProjectAsync(id, cancel) is not null
            ? Jsend.Success(await errors.ListReleasesAsync(id, MostListed, cancel))
            : NoSuch();

    private static async Task<IResult> SessionsAsync(int id, HttpRequest request, IConfigStore config, IErrorReader errors, TimeProvider clock, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is null)
            return NoSuch();
        var (now, scope) = (clock.GetUtcNow(), Scope.From(request.Query));
        return Jsend.Success(await errors.ListSessionsAsync(id, scope.Environment, (scope.From(now) ?? now.AddDays(-Adoption.Days)).ToUnixTimeMilliseconds(), cancel));
    }

    private static async Task<IResult> IssuesAsync(int id, string? version, string? how, IConfigStore config, IErrorReader errors, CancellationToken cancel)
    {
        if (await config.GetProjectAsync(id, cancel) is null)
            return NoSuch();
        var which = how switch { null or "new" => ReleaseIssues.New, "regressed" => ReleaseIssues.Regressed, "fixed" => ReleaseIssues.Fixed, _ => (ReleaseIssues?)null };
        if (which is null || string.IsNullOrEmpty(version))
            return Jsend.Problem(StatusCodes.Status400BadRequest, "bad_request", "Name the release by \"version\", and as \"how\" new, regressed or fixed.");
        return Jsend.Success<IReadOnlyList<ApiIssue>>([.. (await errors.ListReleaseIssuesAsync(id, version, which.Value, MostIssues, cancel)).Select(ApiIssue.Of)]);
    }

    private static async Task<IResult> TellAsync(HttpContext http, int id, IConfigStore config, CommandOutbox outbox, TimeProvider clock, CancellationToken cancel)
    {
        if (!UploadTokens.Opens(http.User, id) || await config.GetProjectAsync(id, cancel) is null)
            return NoSuch();
        var (release, problem) = await ReadAsync(http.Request, cancel);
        if (release is null)
            return Jsend.Problem(StatusCodes.Status400BadRequest, "bad_release", problem!);
        if (release.Commits is { } commits)
            await config.SetReleaseCommitsAsync(id, release.Version, commits, clock.GetUtcNow(), cancel);
        await outbox.AddAsync(CommandKind.Release, 0, http.User.Identity?.Name, cancel, command => command with
        {
            ProjectId = id,
            Release = release.Version,
            ReleasedAt = release.Date,
            Order = release.Order,
        });
        return TypedResults.Json(new { status = "success", data = new ApiVersion(release.Version) }, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<(Told? Release, string? Problem)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, default, cancel);
            return Read(body.RootElement);
        }
        catch (JsonException)
        {
            return (null, "The body is JSON: {\"version\":\"1.4.2\",\"date\":\"2026-11-22T08:00:00Z\",\"order\":7}, of which only the version is needed.");
        }
    }

    private static (Told? Release, string? Problem) Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.String
            || version.GetString()!.Trim() is not { Length: > 0 and <= LongestVersion } name)
            return (null, $"Name the release by \"version\", up to {LongestVersion} characters.");
        long? at = null;
        long? order = null;
        if (body.TryGetProperty("date", out var date) && date.ValueKind != JsonValueKind.Null)
        {
            if (date.ValueKind != JsonValueKind.String || !DateTimeOffset.TryParse(date.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var told))
                return (null, "The \"date\" is a time such as \"2026-11-22T08:00:00Z\".");
            at = told.ToUnixTimeMilliseconds();
        }

        if (body.TryGetProperty("order", out var place) && place.ValueKind != JsonValueKind.Null)
        {
            if (place.ValueKind != JsonValueKind.Number || !place.TryGetInt64(out var number))
                return (null, "The \"order\" is a whole number; the higher the newer.");
            order = number;
        }

        return (new(name, at, order, ToldCommits.Read(body)), null);
    }

    private static IResult NoSuch() => Jsend.Problem(StatusCodes.Status404NotFound, "not_found", "There is no such project.");

    private sealed record Told(string Version, long? Date, long? Order, IReadOnlyList<ReleaseCommit>? Commits);
}

using System.Globalization;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Commands;
using ErrorPipeline.Web.Releases;
using ErrorPipeline.Web.SourceMaps.Bundles;

namespace ErrorPipeline.Web.SourceMaps.Sentry;

/// <summary>
/// Releases as sentry-cli and the plugins tell of them: their name and when they were released reach the writer as a command, their commits are kept
/// beside the project. Repositories and deploys are taken without complaint and not kept.
/// </summary>
internal static class SentryReleases
{
    public const int LargestBody = 4 * 1024 * 1024;
    private const int LongestVersion = 200;

    /// <summary>Routes leave an escaped slash as it is.</summary>
    public static string VersionOf(string inAddress) => inAddress.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes or changes a release; the version is in the body.</summary>
    public static async Task<IResult> CreateAsync(HttpContext http, string? project, ProjectNames names, IConfigStore config, CommandOutbox outbox, TimeProvider clock)
    {
        var body = await ReadAsync(http);
        return body is { Version: { Length: > 0 } version }
            ? await TellAsync(http, version, project is null ? body.Projects : [project], body, names, config, outbox, clock, StatusCodes.Status201Created)
            : SentryAnswers.Problem(StatusCodes.Status400BadRequest, "Name the release by \"version\".");
    }

    public static async Task<IResult> UpdateAsync(HttpContext http, string version, string? project, ProjectNames names, IConfigStore config, CommandOutbox outbox, TimeProvider clock)
    {
        var body = await ReadAsync(http);
        return body is null
            ? SentryAnswers.Problem(StatusCodes.Status400BadRequest, "The body is a JSON object.")
            : await TellAsync(http, VersionOf(version), project is null ? body.Projects : [project], body, names, config, outbox, clock, StatusCodes.Status200OK);
    }

    public static async Task<IResult> DeployAsync(HttpContext http, string version, ProjectNames names)
    {
        if (await ReadAsync(http) is not { } body)
            return SentryAnswers.Problem(StatusCodes.Status400BadRequest, "The body is a JSON object.");
        var (_, problem) = await names.FindAsync(http, body.Projects.Count == 0 && (await names.ListAsync(http)).Count > 1 ? [.. (await names.ListAsync(http)).Select(ProjectNames.SlugOf)] : body.Projects);
        return problem ?? SentryAnswers.Ok(new { id = "1", environment = body.Environment ?? "production", name = body.Name, url = (string?)null, dateStarted = (string?)null, dateFinished = body.Finished }, StatusCodes.Status201Created);
    }

    private static async Task<IResult> TellAsync(
        HttpContext http, string version, IReadOnlyList<string> projects, Told body, ProjectNames names, IConfigStore config, CommandOutbox outbox, TimeProvider clock, int status)
    {
        if (version.Length > LongestVersion)
            return SentryAnswers.Problem(StatusCodes.Status400BadRequest, $"The release is longer than {LongestVersion} characters.");
        var (found, problem) = await names.FindAsync(http, projects);
        if (problem is not null)
            return problem;
        foreach (var project in found)
        {
            if (body.Commits is { } commits)
                await config.SetReleaseCommitsAsync(project.Id, version, commits, clock.GetUtcNow(), http.RequestAborted);
            await outbox.SendAsync(new()
            {
                Id = Guid.NewGuid().ToString("n"),
                Kind = CommandKind.Release,
                IssueId = 0,
                ProjectId = project.Id,
                Release = version,
                ReleasedAt = body.Released?.ToUnixTimeMilliseconds(),
                At = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            }, http.RequestAborted);
        }

        return SentryAnswers.Ok(Describe(version, body.Released, clock.GetUtcNow(), found), status);
    }

    private static object Describe(string version, DateTimeOffset? released, DateTimeOffset now, IReadOnlyList<Project> projects) => new
    {
        version,
        shortVersion = version,
        url = (string?)null,
        dateCreated = now.ToString("O", CultureInfo.InvariantCulture),
        dateReleased = released?.ToString("O", CultureInfo.InvariantCulture),
        lastEvent = (string?)null,
        newGroups = 0,
        commitCount = 0,
        projects = projects.Select(project => new { slug = ProjectNames.SlugOf(project), name = project.Name, id = project.Id }),
    };

    private static async Task<Told?> ReadAsync(HttpContext http)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(http.Request.Body, new() { MaxDepth = 16 }, http.RequestAborted);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return null;
            return new(BundleManifest.Text(root, "version"), Names(root), Time(root, "dateReleased"))
            {
                Commits = ToldCommits.Read(root),
                Environment = BundleManifest.Text(root, "environment"),
                Name = BundleManifest.Text(root, "name"),
                Finished = BundleManifest.Text(root, "dateFinished"),
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string> Names(JsonElement root) => root.TryGetProperty("projects", out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText()).Take(100)] : [];

    private static DateTimeOffset? Time(JsonElement root, string name) =>
        BundleManifest.Text(root, name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private sealed record Told(string? Version, IReadOnlyList<string> Projects, DateTimeOffset? Released)
    {
        /// <summary>Null where it tells of none: what is known stays.</summary>
        public IReadOnlyList<ReleaseCommit>? Commits { get; init; }
        public string? Environment { get; init; }
        public string? Name { get; init; }
        public string? Finished { get; init; }
    }
}

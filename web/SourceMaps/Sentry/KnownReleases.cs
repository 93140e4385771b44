using System.Globalization;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.SourceMaps.Sentry;

/// <summary>
/// What sentry-cli asks of releases: those that events or uploads have named. Deleting one deletes its files; what was counted for it stays, since it is
/// the project's history.
/// </summary>
internal static class KnownReleases
{
    private const int MostListed = 100;

    /// <summary>More than a project may know.</summary>
    private const int MostSearched = 10_000;

    public static async Task<IResult> ListAsync(HttpContext http, string? project, ProjectNames names, IErrorReader errors, IArtifactStore artifacts)
    {
        var (found, problem) = await names.FindAsync(http, project is null ? [] : [project]);
        if (problem is not null)
            return problem;
        var known = new List<Known>();
        foreach (var one in found)
            known.AddRange(await OfAsync(one, MostListed, errors, artifacts, http.RequestAborted));
        return SentryAnswers.Ok(known.OrderByDescending(release => release.Newest).Take(MostListed).Select(Describe));
    }

    public static async Task<IResult> InfoAsync(HttpContext http, string version, string? project, ProjectNames names, IErrorReader errors, IArtifactStore artifacts)
    {
        var asked = SentryReleases.VersionOf(version);
        var (found, problem) = project is null ? (await names.ListAsync(http), null) : await names.FindAsync(http, [project]);
        if (problem is not null)
            return problem;
        foreach (var one in found)
        {
            if ((await OfAsync(one, MostSearched, errors, artifacts, http.RequestAborted)).FirstOrDefault(release => release.Version == asked) is { } known)
                return SentryAnswers.Ok(Describe(known));
        }

        return SentryAnswers.Problem(StatusCodes.Status404NotFound, "No event and no upload has named that release.");
    }

    public static async Task<IResult> DeleteAsync(HttpContext http, string version, string? project, ProjectNames names, IArtifactStore artifacts)
    {
        var (found, problem) = await names.FindAsync(http, project is null ? [] : [project]);
        if (problem is not null)
            return problem;
        foreach (var one in found)
            await artifacts.DeleteReleaseAsync(one.Id, SentryReleases.VersionOf(version), http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IReadOnlyList<Known>> OfAsync(Project project, int limit, IErrorReader errors, IArtifactStore artifacts, CancellationToken cancel)
    {
        var run = await errors.ListReleasesAsync(project.Id, limit, cancel);
        var uploaded = await artifacts.ListReleasesAsync(project.Id, limit, cancel);
        var known = run.ToDictionary(release => release.Version, release => new Known(
            project, release.Version, release.FirstReceived ?? release.ReleasedAt ?? 0, release.ReleasedAt, release.LastReceived, release.NewIssues), StringComparer.Ordinal);
        foreach (var release in uploaded.Where(release => release.Release.Length > 0))
            known.TryAdd(release.Release, new(project, release.Release, release.UploadedAt, null, null, 0));
        return [.. known.Values];
    }

    private static object Describe(Known release) => new
    {
        version = release.Version,
        shortVersion = release.Version,
        url = (string?)null,
        dateCreated = Time(release.Created),
        dateReleased = Time(release.Released),
        lastEvent = Time(release.LastEvent),
        newGroups = release.NewIssues,
        commitCount = 0,
        projects = new[] { new { slug = ProjectNames.SlugOf(release.Project), name = release.Project.Name, id = release.Project.Id } },
    };

    private static string? Time(long? at) => at is { } moment ? DateTimeOffset.FromUnixTimeMilliseconds(moment).ToString("O", CultureInfo.InvariantCulture) : null;

    private sealed record Known(Project Project, string Version, long Created, long? Released, long? LastEvent, long NewIssues)
    {
        public long Newest => Math.Max(Created, LastEvent ?? 0);
    }
}

using System.Globalization;
using System.Text;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.SigningIn;

namespace ErrorPipeline.Web.SourceMaps.Sentry;

/// <summary>
/// What builds call a project: its number, its name, or its name as a slug ("Web shop" is "web-shop"). Organizations are not known here, any name will do.
/// </summary>
internal sealed class ProjectNames(IConfigStore config)
{
    private const int MostNamed = 10;

    public static string SlugOf(Project project)
    {
        var slug = new StringBuilder();
        foreach (var character in project.Name.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(character))
                slug.Append(character);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        return slug.ToString().Trim('-') is { Length: > 0 } text ? text : project.Id.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The projects that the caller may upload to.</summary>
    public async Task<IReadOnlyList<Project>> ListAsync(HttpContext http) =>
        [.. (await config.ListProjectsAsync(http.RequestAborted)).Where(project => UploadTokens.Opens(http.User, project.Id))];

    /// <summary>The projects of those names, each once; or what to answer. No name at all means the one project of the token.</summary>
    public async Task<(IReadOnlyList<Project> Found, IResult? Problem)> FindAsync(HttpContext http, IReadOnlyList<string> names)
    {
        var mine = await ListAsync(http);
        if (names.Count == 0)
        {
            return mine.Count == 1 ? (mine, null)
                : ([], SentryAnswers.Problem(StatusCodes.Status400BadRequest, $"Name the project by --project or SENTRY_PROJECT; this token uploads to {Named(mine)}."));
        }

        var found = new List<Project>();
        foreach (var name in names)
        {
            if (mine.FirstOrDefault(project => Matches(project, name)) is not { } project)
            {
                var shown = name.Length <= 80 ? name : name[..80] + "…";
                // Not 404: clients then show a sentence of their own, about releases, instead of this one.
                return ([], SentryAnswers.Problem(StatusCodes.Status400BadRequest, $"This token uploads to no project '{shown}': set the project (--project, SENTRY_PROJECT) to {Named(mine)}."));
            }

            if (!found.Contains(project))
                found.Add(project);
        }

        return (found, null);
    }

    private static bool Matches(Project project, string name) =>
        name == project.Id.ToString(CultureInfo.InvariantCulture) || name.Equals(SlugOf(project), StringComparison.OrdinalIgnoreCase) || name.Equals(project.Name, StringComparison.OrdinalIgnoreCase);

    private static string Named(IReadOnlyList<Project> projects) => projects.Count == 0
        ? "a project that exists (there is none)"
        : string.Join(" or ", projects.Take(MostNamed).Select(project => $"'{SlugOf(project)}'")) + (projects.Count > MostNamed ? ", ..." : "");
}

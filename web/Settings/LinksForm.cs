using System.Globalization;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Issues;

namespace ErrorPipeline.Web.Settings;

/// <summary>What people type about where else a project lives, and whether links can be made of it.</summary>
public sealed record LinksForm
{
    private const int LongestAddress = 300;

    public string? Source { get; init; }
    public string? Commit { get; init; }
    public string? GitHub { get; init; }
    public string? GitLab { get; init; }
    public string? Jira { get; init; }
    public string? JiraProject { get; init; }
    public string? JiraType { get; init; }

    public static LinksForm Of(ProjectLinks links) => new()
    {
        Source = links.Source,
        Commit = links.Commit,
        GitHub = links.GitHub,
        GitLab = links.GitLab,
        Jira = links.Jira,
        JiraProject = links.JiraProject?.ToString(CultureInfo.InvariantCulture),
        JiraType = links.JiraType?.ToString(CultureInfo.InvariantCulture),
    };

    public ProjectLinks ToLinks() => new()
    {
        Source = Told(Source),
        Commit = Told(Commit),
        GitHub = Told(GitHub)?.TrimEnd('/'),
        GitLab = Told(GitLab)?.TrimEnd('/'),
        Jira = Told(Jira)?.TrimEnd('/'),
        JiraProject = Number(JiraProject),
        JiraType = Number(JiraType),
    };

    /// <summary>What to correct; empty where all of it is fine.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [.. Problems(ToLinks())];
        foreach (var (name, text) in new[] { ("Jira project", JiraProject), ("Jira issue type", JiraType) })
        {
            if (Told(text) is not null && Number(text) is null)
                problems.Add($"{name}: write its number, such as 10000.");
        }

        return problems;
    }

    public static IReadOnlyList<string> Problems(ProjectLinks links)
    {
        List<string> problems = [];
        void Template(string name, string? text, IReadOnlyList<string> places, string needed)
        {
            if (text is null)
                return;
            if (LinkTemplate.Parse(text, places, out var problem) is not { } template)
                problems.Add($"{name}: {problem}");
            else if (!template.Asks(needed))
                problems.Add($"{name}: put {{{needed}}} where it belongs.");
        }

        void Address(string name, string? text)
        {
            if (text is not null && !IsAddress(text))
                problems.Add($"{name}: '{(text.Length > 80 ? text[..80] + "…" : text)}' is no address. Write https://host/path, without user, query or fragment.");
        }

        Template("Source", links.Source, SourceLinks.SourceNames, "file");
        Template("Commit", links.Commit, SourceLinks.CommitNames, "commit");
        Address("GitHub", links.GitHub);
        Address("GitLab", links.GitLab);
        Address("Jira", links.Jira);
        if (links is { Jira: not null, JiraProject: null })
            problems.Add("Jira: tell the number of the project too, since its form asks for it.");
        if (links.JiraProject is <= 0 || links.JiraType is <= 0)
            problems.Add("Jira: numbers of projects and types are above 0.");
        return problems;
    }

    private static bool IsAddress(string text) =>
        text.Length <= LongestAddress && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
        && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '?' or '#' or '{' or '}' or '"' or '<' or '>' or '\\');

    private static string? Told(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static long? Number(string? text) => long.TryParse(Told(text), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

using System.Globalization;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>
/// Links that open another tracker's form for a new issue, filled in. Nothing is sent from here: who follows one sees what it would say first.
/// Browsers and servers take long addresses no further than some thousand characters, so the stack gives way.
/// </summary>
internal static class TrackerLinks
{
    public const int LongestUrl = 7_000;
    private const int LongestTitle = 200;
    private const int LongestLine = 300;
    private const int MostLines = 60;

    public static IReadOnlyList<TrackerLink> Of(ProjectLinks links, IssueRow issue, string permalink, ErrorDetail? error)
    {
        var title = Cut(issue.Title.ReplaceLineEndings(" "), LongestTitle);
        string[] told =
        [
            permalink,
            string.Create(CultureInfo.InvariantCulture, $"{issue.Count} events by {issue.Users} users since {DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(issue.FirstSeen, 0, 253_402_300_799_999)):yyyy-MM-dd}."),
        ];
        List<string> stack = error is null ? [] : [.. StackText.Lines(error).Take(MostLines).Select(line => Cut(line, LongestLine))];
        List<TrackerLink> made = [];
        if (links.GitHub is { } gitHub)
            made.Add(new("GitHub", Fit(stack, lines => $"{gitHub}/issues/new?title={Escape(title)}&body={Escape(Markdown(told, lines))}")));
        if (links.GitLab is { } gitLab)
            made.Add(new("GitLab", Fit(stack, lines => $"{gitLab}/-/issues/new?issue%5Btitle%5D={Escape(title)}&issue%5Bdescription%5D={Escape(Markdown(told, lines))}")));
        if (links is { Jira: { } jira, JiraProject: { } project })
            made.Add(new("Jira", Fit(stack, lines => string.Create(
                CultureInfo.InvariantCulture,
                $"{jira}/secure/CreateIssueDetails!init.jspa?pid={project}&issuetype={links.JiraType ?? 1}&summary={Escape(title)}&description={Escape(Wiki(told, lines))}"))));
        return made;
    }

    private static string Fit(List<string> stack, Func<IReadOnlyList<string>, string> url)
    {
        for (var lines = stack.Count; ; lines--)
        {
            var made = url(lines == stack.Count ? stack : [.. stack.Take(lines), "    …"]);
            if (made.Length <= LongestUrl || lines == 0)
                return made.Length <= LongestUrl ? made : url([]);
        }
    }

    /// <summary>A fence longer than any in the text: whatever the stack says stays inside.</summary>
    private static string Markdown(string[] told, IReadOnlyList<string> stack)
    {
        var fence = "```";
        while (stack.Any(line => line.Contains(fence, StringComparison.Ordinal)))
            fence += "`";
        return string.Join("\n\n", told) + (stack.Count == 0 ? "" : $"\n\n{fence}\n{string.Join('\n', stack)}\n{fence}\n");
    }

    private static string Wiki(string[] told, IReadOnlyList<string> stack) => string.Join("\n\n", told)
        + (stack.Count == 0 ? "" : $"\n\n{{noformat}}\n{string.Join('\n', stack).Replace("{noformat", "{ noformat", StringComparison.OrdinalIgnoreCase)}\n{{noformat}}\n");

    private static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";

    private static string Escape(string text) => Uri.EscapeDataString(text);
}

internal sealed record TrackerLink(string Name, string Url);

using System.Globalization;

namespace ErrorPipeline.Web.Live;

/// <summary>What an open page shows, so that it is told of nothing else: the issue is the narrower. Null means "any".</summary>
internal readonly record struct LiveInterest(int? Project, long? Issue)
{
    public static LiveInterest From(IQueryCollection query) => new(
        int.TryParse(query["project"], NumberStyles.None, CultureInfo.InvariantCulture, out var project) && project > 0 ? project : null,
        long.TryParse(query["issue"], NumberStyles.None, CultureInfo.InvariantCulture, out var issue) && issue > 0 ? issue : null);

    public bool IsIn(LiveChange change) =>
        (Project is null || change.Projects.Contains(Project.Value)) && (Issue is null || change.Issues.Count == 0 || change.Issues.Contains(Issue.Value));
}

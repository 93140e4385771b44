using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Parts;

namespace ErrorPipeline.Web.Overview;

/// <summary>All that the overview shows.</summary>
public sealed record OverviewView
{
    /// <summary>Null for all projects.</summary>
    public Project? Project { get; init; }

    public required IReadOnlyList<Project> Projects { get; init; }
    public required OverviewFacts Facts { get; init; }

    /// <summary>Events stored in each minute of the last hour, the present one last.</summary>
    public required IReadOnlyList<long> Minutes { get; init; }

    /// <summary>The same by project.</summary>
    public required IReadOnlyDictionary<int, IReadOnlyList<long>> MinutesOf { get; init; }

    /// <summary>The newest release that has sent something; of one project alone.</summary>
    public ReleaseRow? Latest { get; init; }

    /// <summary>First seen in that release.</summary>
    public IReadOnlyList<IssueRow> NewInLatest { get; init; } = [];

    public long LastHour => Minutes.Sum();

    /// <summary>Nothing has arrived for a day, and nothing is left from before.</summary>
    public bool IsEmpty => LastHour == 0 && Facts.Classes.Count == 0 && Facts.NewIssues == 0 && Facts.Regressed == 0;

    public string QueryString => Project is { } project ? $"?project={project.Id}" : "";

    public IReadOnlyList<Bar> Bars =>
        [.. Minutes.Select((count, n) => new Bar(n == Minutes.Count - 1 ? "now" : $"{Minutes.Count - 1 - n} min ago", count))];

    public string NameOf(int project) => Projects.FirstOrDefault(p => p.Id == project)?.Name ?? $"project {project}";
}

using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Parts;
using ErrorPipeline.Web.Scoping;

namespace ErrorPipeline.Web.Overview;

/// <summary>All that the overview shows.</summary>
public sealed record OverviewView
{
    /// <summary>Issues of one environment are counted up to so many.</summary>
    public const int MostListed = 50;

    public required Scope Scope { get; init; }

    /// <summary>Null for all projects.</summary>
    public Project? Project { get; init; }

    public required IReadOnlyList<Project> Projects { get; init; }
    public required OverviewFacts Facts { get; init; }

    /// <summary>Of all releases together; null where no client tells of sessions.</summary>
    public ReleaseSessions? Sessions { get; init; }

    /// <summary>What the chart's bars are.</summary>
    public required Course Course { get; init; }

    /// <summary>Events of each bar, the present one last.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    /// <summary>The same by project.</summary>
    public required IReadOnlyDictionary<int, IReadOnlyList<long>> CountsOf { get; init; }

    /// <summary>The newest release that has sent something; of one project alone.</summary>
    public ReleaseRow? Latest { get; init; }

    /// <summary>First seen in that release.</summary>
    public IReadOnlyList<IssueRow> NewInLatest { get; init; } = [];

    public long Events => Counts.Sum();

    /// <summary>Nothing has arrived in that time, and nothing is left from before.</summary>
    public bool IsEmpty => Events == 0 && Facts.Classes.Count == 0 && Facts.NewIssues == 0 && Facts.Regressed == 0;

    /// <summary>"24 hours": what the lists and shares are of.</summary>
    public string Time => Scope.Since switch { "1h" => "hour", "7d" => "7 days", "30d" => "30 days", _ => "24 hours" };

    /// <summary>The same in a search's words.</summary>
    public string Age => Scope.Since == Scope.AnyTime ? "24h" : Scope.Since;

    public IReadOnlyList<Bar> Bars => Course.Named(Counts);

    public string NameOf(int project) => Projects.FirstOrDefault(p => p.Id == project)?.Name ?? $"project {project}";

    public static ReleaseSessions? Sum(IReadOnlyList<ReleaseSessions> sessions) => sessions.Count == 0
        ? null
        : new(0, "", sessions.Sum(one => one.Started), sessions.Sum(one => one.Hit), sessions.Sum(one => one.Crashed));
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>All that the page of one issue shows.</summary>
public sealed record IssueView
{
    public required IssueDetail Detail { get; init; }
    public required Project Project { get; init; }
    /// <summary>The one that the trend is of; null for all.</summary>
    public string? Environment { get; init; }

    public required Trend Trend { get; init; }
    public required IReadOnlyList<Facet> Facets { get; init; }

    /// <summary>Values that the issue has more often than the project.</summary>
    public required IReadOnlyDictionary<(string Dimension, string Value), FacetHint> Hints { get; init; }

    public required IReadOnlyList<SampleRef> Samples { get; init; }

    /// <summary>The sample that is shown; null where retention has taken all of them.</summary>
    public EventSample? Sample { get; init; }

    /// <summary>A change of state that the store does not show yet.</summary>
    public StoreCommand? Pending { get; init; }

    /// <summary>The largest of its fingerprints.</summary>
    public IReadOnlyList<FingerprintTotals> Groups { get; init; } = [];

    /// <summary>What visitors said of its events, newest first.</summary>
    public IReadOnlyList<EventFeedback> Feedback { get; init; } = [];

    /// <summary>Merges and splits, the newest first.</summary>
    public IReadOnlyList<IssueMove> Moves { get; init; } = [];

    /// <summary>The newest of the project, to resolve in.</summary>
    public IReadOnlyList<ReleaseRow> Releases { get; init; } = [];

    public RelatedIssues Related { get; init; } = new([], [], []);

    /// <summary>Commits of the release in which it was first seen; empty where none were told.</summary>
    public IReadOnlyList<ReleaseCommit> Commits { get; init; } = [];

    /// <summary>Of those the ones that touched a file of the stack.</summary>
    public IReadOnlyList<Suspect> Suspects { get; init; } = [];

    /// <summary>From the sample's frames into the repository.</summary>
    public required SourceLinks Source { get; init; }

    /// <summary>Address of this dashboard, "https://errors.example.com".</summary>
    public string Site { get; init; } = "";

    /// <summary>What people say of it, oldest first.</summary>
    public IReadOnlyList<IssueComment> Comments { get; init; } = [];

    /// <summary>Names of those who may take care of it.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>The number that led here.</summary>
    public long? MovedFrom { get; init; }

    public IssueRow Issue => Detail.Issue;

    public string ProjectName => Project.Name;

    public string Path => PathOf(Issue.ProjectId, Issue.Id);

    /// <summary>"SHOP-3F"</summary>
    public string Name => ShortId.Of(Project.ShortName, Issue.Id);

    public string Permalink => Site + ShortId.PathOf(Project.ShortName, Issue.Id);

    public int SampleIndex
    {
        get
        {
            for (var i = 0; i < Samples.Count; i++)
            {
                if (Samples[i].EventId == Sample?.EventId)
                    return i;
            }

            return -1;
        }
    }

    public static string PathOf(int projectId, long issueId) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/issues/{projectId}/{issueId}");
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Parts;

namespace ErrorPipeline.Web.Issues;

/// <summary>All that the page of one issue shows.</summary>
public sealed record IssueView
{
    public required IssueDetail Detail { get; init; }
    public required string ProjectName { get; init; }
    public required IReadOnlyList<Bar> Chart { get; init; }
    public required string Range { get; init; }
    public required IReadOnlyList<Facet> Facets { get; init; }
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

    /// <summary>The number that led here.</summary>
    public long? MovedFrom { get; init; }

    public IssueRow Issue => Detail.Issue;

    public string Path => PathOf(Issue.ProjectId, Issue.Id);

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

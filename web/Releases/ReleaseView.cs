using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Releases;

/// <summary>All that the page of one release shows.</summary>
public sealed record ReleaseView
{
    public required Project Project { get; init; }
    public required ReleaseRow Release { get; init; }

    /// <summary>The next older and newer one, where there is one.</summary>
    public string? Older { get; init; }
    public string? Newer { get; init; }

    public required IReadOnlyList<IssueRow> New { get; init; }
    public required IReadOnlyList<IssueRow> Regressed { get; init; }
    public required IReadOnlyList<IssueRow> Fixed { get; init; }
    public required Adoption Adoption { get; init; }

    /// <summary>Null where no client told of one.</summary>
    public ReleaseSessions? Sessions { get; init; }

    /// <summary>A version may hold anything, a slash too, so it goes into the query.</summary>
    public static string PathOf(int project, string version) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/projects/{project}/release?version={Uri.EscapeDataString(version)}");
}

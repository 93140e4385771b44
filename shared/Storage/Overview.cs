namespace ErrorPipeline.Shared.Storage;

/// <summary>What is asked of the store for an overview.</summary>
/// <param name="ProjectId">Null for all.</param>
/// <param name="Since">ms since 1970 UTC: what counts as new. Tallies begin with the quarter of a day that it lies in.</param>
/// <param name="Top">Rows of each list.</param>
/// <param name="Environment">Only tallies of this one; null for all. What is new and what came back is of all in any case: lists narrow that.</param>
public sealed record OverviewQuery(int? ProjectId, long Since, int Top, string? Environment = null);

/// <param name="ProjectId">Null for all.</param>
/// <param name="Environment">Null for all.</param>
/// <param name="Since">ms since 1970 UTC: from the beginning of the quarter of a day that it lies in.</param>
/// <param name="ByMinute">Instead of by hour; known of one environment. Those of all are outcomes.</param>
public sealed record ArrivalsQuery(int? ProjectId, string? Environment, long Since, bool ByMinute = false);

/// <param name="At">When the hour or minute began, ms since 1970 UTC.</param>
public sealed record Arrivals(int ProjectId, long At, long Count);

/// <param name="ProjectId">0 where it is of several.</param>
/// <param name="Release">"" where the client told none; rare ones together are <see cref="FacetValue.Rest"/>.</param>
/// <param name="Hit">Of those started, in which at least one error was met.</param>
/// <param name="Crashed">Of those, which ended by an error that nobody handled.</param>
public sealed record ReleaseSessions(int ProjectId, string Release, long Started, long Hit, long Crashed);

/// <param name="NewIssues">First seen since then; counted up to <see cref="MostCounted"/>.</param>
/// <param name="Regressed">Open issues that came back in a newer release than their fix; counted up to <see cref="MostCounted"/>.</param>
/// <param name="Classes">Whose errors, with the most events first.</param>
/// <param name="Releases">With the most events first; the rest is not listed.</param>
/// <param name="Pages">The same.</param>
public sealed record OverviewFacts(
    long NewIssues, long Regressed, IReadOnlyList<IssueRow> Newest, IReadOnlyList<IssueRow> LastRegressed,
    IReadOnlyList<Tally> Classes, IReadOnlyList<Tally> Releases, IReadOnlyList<Tally> Pages)
{
    public const int MostCounted = 1_000;
}

/// <param name="ProjectId">0 where it is of several.</param>
public sealed record Tally(int ProjectId, string Value, long Count);

/// <summary>Events of one release in one quarter of a day.</summary>
/// <param name="At">When the quarter began, ms since 1970 UTC.</param>
public sealed record ReleaseShare(long At, string Release, long Count);

/// <summary>How an issue belongs to a release.</summary>
public enum ReleaseIssues
{
    /// <summary>First seen in it.</summary>
    New,

    /// <summary>Resolved in it, and not back since.</summary>
    Fixed,

    /// <summary>Came back in it after a resolve.</summary>
    Regressed,
}

namespace ErrorPipeline.Shared.Storage;

/// <summary>Other issues of the project that may have to do with one, those that share most first. Told from the events that are kept, so from a choice.</summary>
/// <param name="SameUsers">Met by the same visitors.</param>
/// <param name="SamePage">On its most frequent pages.</param>
/// <param name="SameRelease">First seen in the release in which it was first seen; the newest first.</param>
public sealed record RelatedIssues(IReadOnlyList<RelatedIssue> SameUsers, IReadOnlyList<RelatedIssue> SamePage, IReadOnlyList<RelatedIssue> SameRelease);

/// <param name="Shared">Visitors that met both, or events on the page; 0 for a release.</param>
public sealed record RelatedIssue(long Id, string Title, string Culprit, IssueState State, long Count, long LastSeen, long Shared);

/// <summary>How far related issues are looked for: what is asked of the store must not grow with it.</summary>
internal static class RelatedReach
{
    public const int Users = 50;
    public const int Pages = 3;
    public const int EventsPerUser = 40;
    public const int EventsPerPage = 300;

    /// <summary>What was found, each issue with how often, the most frequent first.</summary>
    public static IEnumerable<KeyValuePair<long, int>> Ranked(IEnumerable<long> found, long but) =>
        found.Where(issue => issue != but).CountBy(issue => issue).OrderByDescending(one => one.Value).ThenByDescending(one => one.Key);
}

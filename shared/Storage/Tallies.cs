using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>What of a delta is counted for its project as a whole, by quarters of days.</summary>
internal static class Tallies
{
    public const long QuarterMs = 6 * 3_600_000;
    public const string Class = "class";
    public const string Release = "release";
    public const string Page = "page";

    /// <summary>Visitors make pages and releases up: so many of a quarter count by themselves, the others as <see cref="FacetValue.Rest"/>.</summary>
    public const int MostValues = 200;

    private const int LongestValue = 1000;

    public static long QuarterOf(long ms) => ms / QuarterMs;

    /// <summary>By when it arrived: what a clock of a visitor says must not reach into the past.</summary>
    public static IEnumerable<(TallyKey Key, long Count)> Of(IssueDelta delta)
    {
        var quarter = QuarterOf(delta.LastReceived);
        var isClassTold = false;
        foreach (var facet in delta.Facets)
        {
            if (facet.Dimension is not (Class or Page))
                continue;
            isClassTold |= facet.Dimension == Class;
            yield return (new(delta.ProjectId, quarter, facet.Dimension, StoreText.Clean(facet.Value, LongestValue)), facet.Count);
        }

        if (!isClassTold)
            yield return (new(delta.ProjectId, quarter, Class, StoreText.Clean(delta.Class, LongestValue)), delta.Count);
        foreach (var release in DeltaReleases.Of(delta).Where(r => r.Release.Length > 0))
            yield return (new(delta.ProjectId, quarter, Release, release.Release), release.Count);
    }

    /// <summary>The largest of what several quarters counted.</summary>
    /// <param name="byProject">Whether the same value of two projects is two things.</param>
    public static IReadOnlyList<Tally> Largest(IEnumerable<Tally> rows, bool byProject, int most) =>
    [
        .. rows.Where(row => row.Value != FacetValue.Rest)
            .GroupBy(row => (Project: byProject ? row.ProjectId : 0, row.Value)).Select(sum => new Tally(sum.Key.Project, sum.Key.Value, sum.Sum(row => row.Count)))
            .OrderByDescending(sum => sum.Count).ThenBy(sum => sum.Value, StringComparer.Ordinal).Take(most),
    ];
}

internal readonly record struct TallyKey(int Project, long Quarter, string Dimension, string Value);

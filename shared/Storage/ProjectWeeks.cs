using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// What all events of a project tell, by dimension and value, a week at a time: an issue's shares are compared with those of the weeks it lived in, since
/// browsers and releases come and go. Visitors make values up, so a week has a bounded number of them; what has no place is counted as <see cref="FacetValue.Rest"/>.
/// </summary>
internal static class ProjectWeeks
{
    public const int ValuesPerDimension = 300;
    public const int RowsPerWeek = 5_000;

    /// <summary>Weeks that are kept.</summary>
    public const int Kept = 53;

    private const long WeekMs = 7 * 86_400_000L;

    public static long Of(long ms) => ms / WeekMs;

    public static long Start(long week) => week * WeekMs;

    /// <summary>Where the visitor and the site are, not what the error is.</summary>
    public static bool Compares(string dimension) =>
        dimension is "browser" or "os" or "device" or "page" or "release" or "environment" || dimension.StartsWith("tag:", StringComparison.Ordinal);

    /// <summary>Events by place of all deltas that were counted.</summary>
    public static Dictionary<ProjectPlace, long> Fold(IEnumerable<IssueDelta> deltas)
    {
        var folded = new Dictionary<ProjectPlace, long>();
        foreach (var delta in deltas)
        {
            var week = Of(delta.LastReceived);
            foreach (var facet in delta.Facets.Where(facet => facet.Dimension is not null && Compares(facet.Dimension)))
            {
                var place = new ProjectPlace(delta.ProjectId, week, StoreText.Clean(facet.Dimension, 200), StoreText.Clean(facet.Value, 1000));
                folded[place] = folded.GetValueOrDefault(place) + facet.Count;
            }
        }

        return folded;
    }
}

internal readonly record struct ProjectPlace(int Project, long Week, string Dimension, string Value)
{
    public ProjectPlace Rest => this with { Value = FacetValue.Rest };
}

/// <summary>Events of a project over some weeks, by dimension and value.</summary>
/// <param name="FromMs">When counting began: where an issue is older, its shares cannot be compared. Null where nothing was counted.</param>
public sealed record ProjectFacets(long? FromMs, IReadOnlyList<FacetCount> Counts);

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>
/// Values that an issue has more often than the project's other events of the same weeks. Told only where chance does not explain it: four standard
/// errors between the two shares, which of the some hundred values of a page leaves about none by accident.
/// </summary>
public static class FacetHints
{
    private const long FewestHere = 10;
    private const long FewestOfIssue = 30;
    private const long FewestOthers = 100;
    private const double Least = 2;
    private const double StandardErrors = 4;

    public static IReadOnlyDictionary<(string Dimension, string Value), FacetHint> Of(IReadOnlyList<Facet> facets, ProjectFacets project, long issueFirstSeen)
    {
        var hints = new Dictionary<(string, string), FacetHint>();
        if (project.FromMs is not { } from || from > issueFirstSeen)
            return hints;
        var known = project.Counts.ToLookup(count => count.Dimension, StringComparer.Ordinal);
        foreach (var facet in facets.Where(facet => facet.Total >= FewestOfIssue && known.Contains(facet.Dimension)))
        {
            var all = known[facet.Dimension].ToDictionary(count => count.Value, count => count.Count, StringComparer.Ordinal);
            var total = all.Values.Sum();
            foreach (var value in facet.Values.Where(value => value.Value != FacetValue.Rest && value.Count >= FewestHere))
            {
                // Not there: the project had no room to count it apart, so its share is not known.
                if (all.TryGetValue(value.Value, out var everywhere) && Compare(value.Count, facet.Total, everywhere, total) is { } hint)
                    hints[(facet.Dimension, value.Value)] = hint;
            }
        }

        return hints;
    }

    private static FacetHint? Compare(long here, long ofIssue, long everywhere, long total)
    {
        var (elsewhere, others) = (everywhere - here, total - ofIssue);
        if (elsewhere < 0 || others < FewestOthers || elsewhere > others)
            return null;
        var (share, usual) = ((double)here / ofIssue, (double)elsewhere / others);
        var pooled = (double)everywhere / total;
        var error = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / ofIssue) + (1.0 / others)));
        if (share < usual * Least || share - usual < StandardErrors * error)
            return null;
        return new(elsewhere == 0 ? null : share / usual, share, usual);
    }
}

/// <param name="Times">How many times as frequent as elsewhere; null where it is nowhere else.</param>
/// <param name="Share">Of the issue's events.</param>
/// <param name="Usual">Of the project's other events.</param>
public sealed record FacetHint(double? Times, double Share, double Usual);

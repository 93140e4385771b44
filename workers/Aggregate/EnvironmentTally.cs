using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Aggregate;

/// <summary>Class, release and page of one delta's events by their environments, told only where these are several.</summary>
internal static class EnvironmentTally
{
    /// <summary>Visitors can make environments up, so only the most frequent are told.</summary>
    public const int MaxEnvironments = 20;

    public static IReadOnlyList<EnvironmentFacets>? Of(IReadOnlyList<NormalizedError> errors)
    {
        if (IsOne(errors))
            return null;
        return
        [
            .. errors.GroupBy(error => error.Context.Environment ?? "", StringComparer.Ordinal)
                .OrderByDescending(environment => environment.Sum(error => error.Count)).ThenBy(environment => environment.Key, StringComparer.Ordinal).Take(MaxEnvironments)
                .Select(environment => new EnvironmentFacets(environment.Key, Count(environment))),
        ];
    }

    private static bool IsOne(IReadOnlyList<NormalizedError> errors)
    {
        for (var n = 1; n < errors.Count; n++)
        {
            if ((errors[n].Context.Environment ?? "") != (errors[0].Context.Environment ?? ""))
                return false;
        }

        return true;
    }

    private static IReadOnlyList<FacetCount> Count(IEnumerable<NormalizedError> errors)
    {
        var facets = new FacetTally();
        foreach (var error in errors)
        {
            facets.Add("class", error.Context.Class, error.Count);
            facets.Add("release", error.Context.Release, error.Count);
            foreach (var occurrence in error.Occurrences)
                facets.Add("page", occurrence.Page, 1);
        }

        return facets.ToCounts();
    }
}

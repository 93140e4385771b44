using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>What a delta must be like to be counted at all. Everything else is cleaned, not refused.</summary>
internal static class DeltaRules
{
    /// <summary>Far above any batch, far below where a sum could overflow.</summary>
    private const long MostPerCount = 1L << 40;

    /// <summary>Null where the delta can be applied.</summary>
    public static string? WhyNever(IssueDelta delta)
    {
        if (!Sane(delta.Count))
            return $"count {delta.Count} is not between 1 and {MostPerCount}";
        if (string.IsNullOrEmpty(delta.Grouping?.Fingerprint) || string.IsNullOrEmpty(delta.Grouping.Version))
            return "it has no fingerprint";
        if (delta.Hours is null || delta.Facets is null || delta.Users is null || delta.Samples is null)
            return "a list of it is missing";
        if (delta.Hours.Any(hour => !Sane(hour.Count)) || delta.Hours.Sum(hour => hour.Count) != delta.Count)
            return "its hours do not add up to its count";
        if (delta.Facets.Any(facet => !Sane(facet.Count) || facet.Count > delta.Count))
            return "a facet counts more than there is";
        return null;
    }

    private static bool Sane(long count) => count is >= 1 and <= MostPerCount;
}

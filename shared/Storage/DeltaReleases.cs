using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

internal static class DeltaReleases
{
    public const int LongestName = 250;

    /// <summary>What a delta says of releases; a build that did not tell counted them as a facet.</summary>
    public static IReadOnlyList<ReleaseCount> Of(IssueDelta delta)
    {
        if (delta.Releases is { Count: > 0 } told)
            return [.. told.Where(r => r is { Release: not null, Count: > 0 }).Select(r => r with { Release = StoreText.Clean(r.Release, LongestName) })];
        var named = delta.Facets.Where(f => f.Dimension == "release" && f.Value != FacetValue.Rest)
            .Select(f => new ReleaseCount(StoreText.Clean(f.Value, LongestName), f.Count, delta.LastReceived, delta.LastReceived)).ToList();
        var rest = delta.Count - named.Sum(r => r.Count);
        return rest <= 0 ? named : [.. named, new("", rest, delta.LastReceived, delta.LastReceived)];
    }
}

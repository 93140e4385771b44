namespace ErrorPipeline.Shared.Storage;

/// <summary>What is known of a release when it is compared with another. Times are ms since 1970 UTC.</summary>
/// <param name="Place">Told: the higher the newer.</param>
/// <param name="At">Told date, or first traffic.</param>
internal sealed record KnownRelease(string Version, long? Place, long At);

/// <summary>
/// Which of two releases is the newer: by the places that were told, else as versions where both are some, else by date.
/// </summary>
internal static class ReleaseOrder
{
    public static bool IsNewer(KnownRelease one, KnownRelease than) => Compare(one, than) > 0;

    public static KnownRelease? Newest(IEnumerable<KnownRelease> releases) =>
        releases.Aggregate((KnownRelease?)null, (newest, next) => newest is null || IsNewer(next, newest) ? next : newest);

    public static int Compare(KnownRelease a, KnownRelease b)
    {
        if (a.Version == b.Version)
            return 0;
        if (a.Place is { } placeA && b.Place is { } placeB && placeA != placeB)
            return placeA.CompareTo(placeB);
        if (SemanticVersion.Find(a.Version) is { } one && SemanticVersion.Find(b.Version) is { } other
            && one.Package == other.Package && one.CompareTo(other) is not 0 and var byVersion)
            return byVersion;
        return a.At.CompareTo(b.At);
    }
}

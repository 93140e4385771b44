using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// The other names of an error, as a delta tells them. They decide one thing: which issue a fingerprint joins that is not known yet. So an error
/// keeps its issue when source maps come, go or change, and when a later version of grouping sees it.
/// </summary>
internal static class OtherNames
{
    /// <summary>Kept of one fingerprint; every build adds some, and only those of builds that still run matter.</summary>
    public const int MostPerFingerprint = 64;

    private const int MostPerDelta = 16;

    public static IEnumerable<GroupingAlias> Of(Grouping grouping) => (grouping.Aliases ?? [])
        .Where(alias => alias is { Kind.Length: > 0, Value.Length: > 0 })
        .Take(MostPerDelta)
        .Select(alias => new GroupingAlias(StoreText.Clean(alias.Kind, 50), StoreText.Clean(alias.Value, 300), alias.Mapped));

    /// <summary>The issue that a new fingerprint belongs to; null where nothing shares a name with it.</summary>
    /// <param name="named">The issue of the newest fingerprint that has a name; two that were both told by maps never share one.</param>
    /// <param name="issueOf">The issue of a fingerprint, by its own name.</param>
    public static long? FindIssue(FingerprintKey key, Grouping grouping, Func<GroupingAlias, long?> named, Func<FingerprintKey, long?> issueOf)
    {
        if (named(new(key.Version, key.Fingerprint, Mapped: false)) is { } called)
            return called;
        foreach (var alias in Of(grouping))
        {
            if ((alias.Kind == GroupingAlias.Build ? named(alias) : issueOf(new(key.ProjectId, alias.Kind, alias.Value))) is { } issue)
                return issue;
        }

        return null;
    }
}

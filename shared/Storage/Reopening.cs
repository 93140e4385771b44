using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>Why a resolved issue opens again.</summary>
/// <param name="What">The kind of its history: <c>regressed</c> or <c>reopened</c>.</param>
/// <param name="Release">The release that brought it back; null where none is known to be newer.</param>
/// <param name="At">When the event was received that says so, ms since 1970.</param>
internal sealed record Reopening(string What, string? Release, long At)
{
    /// <summary>Null where what came after the resolve is of builds that are older than the fix, or nothing came.</summary>
    /// <param name="resolvedIn">The release that the resolve is for.</param>
    /// <param name="later">What was received after the resolve, by release; "" where events told none.</param>
    /// <param name="known">What is known of a release of the project.</param>
    public static Reopening? Of(string? resolvedIn, IReadOnlyList<ReleaseCount> later, Func<string, KnownRelease?> known)
    {
        if (resolvedIn is not null && known(resolvedIn) is { } reference)
        {
            var newer = ReleaseOrder.Newest(later.Where(r => r.Release.Length > 0).Select(r => known(r.Release)).OfType<KnownRelease>()
                .Where(r => ReleaseOrder.IsNewer(r, reference)));
            if (newer is not null)
                return new("regressed", newer.Version, later.First(r => r.Release == newer.Version).LastReceived);
            later = [.. later.Where(r => r.Release.Length == 0 || known(r.Release) is null)];
        }

        return later.Count > 0 ? new("reopened", null, later.Max(r => r.LastReceived)) : null;
    }
}

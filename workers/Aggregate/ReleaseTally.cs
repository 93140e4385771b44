using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Aggregate;

/// <summary>Events by release, and when each was received. Visitors can make releases up, so only the most frequent are told.</summary>
internal sealed class ReleaseTally
{
    public const int MaxReleases = 100;

    private readonly Dictionary<string, ReleaseCount> _releases = new(StringComparer.Ordinal);

    public void Add(NormalizedError error)
    {
        var release = error.Context.Release ?? "";
        var (first, last) = (error.Occurrences.Min(o => o.ReceivedAt), error.Occurrences.Max(o => o.ReceivedAt));
        var known = _releases.GetValueOrDefault(release) ?? new(release, 0, first, last);
        _releases[release] = new(release, known.Count + error.Count, Math.Min(known.FirstReceived, first), Math.Max(known.LastReceived, last));
    }

    /// <summary>In an order that depends on the counts alone.</summary>
    public IReadOnlyList<ReleaseCount> ToCounts() =>
        [.. _releases.Values.OrderByDescending(r => r.Count).ThenBy(r => r.Release, StringComparer.Ordinal).Take(MaxReleases)];
}

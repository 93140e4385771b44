using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Releases;

/// <summary>Which releases a project's events came from, over time: how far each was taken up, as far as errors tell.</summary>
/// <param name="Names">The releases with the most events of the range, the latest to appear first, then <see cref="Others"/> where there are more.</param>
/// <param name="Columns">Events of each, per column from the oldest on.</param>
/// <param name="Begins">When each column begins, ms since 1970 UTC.</param>
public sealed record Adoption(IReadOnlyList<string> Names, IReadOnlyList<long[]> Columns, IReadOnlyList<long> Begins)
{
    public const string Others = "others";
    public const int Days = 14;
    private const int Named = 5;
    private const long DayMs = 86_400_000;
    private const long QuarterMs = DayMs / 4;

    public bool IsEmpty => Names.Count == 0;

    public static long Since(DateTimeOffset now) => Today(now) - ((Days - 1) * DayMs);

    /// <param name="shares">From <see cref="Since"/> on, oldest first.</param>
    /// <param name="now">The last column is of this day.</param>
    /// <param name="first">A release to name whether or not it has many; null for none.</param>
    public static Adoption Of(IReadOnlyList<ReleaseShare> shares, DateTimeOffset now, string? first = null)
    {
        var since = Since(now);
        var names = shares.Where(s => s.Release != FacetValue.Rest).GroupBy(s => s.Release, StringComparer.Ordinal)
            .OrderByDescending(s => s.Key == first).ThenByDescending(s => s.Sum(one => one.Count)).ThenBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Key).ToList();
        // The newest at the bottom: it is seen to rise.
        var named = names.Take(Named).OrderByDescending(name => name == first).ThenByDescending(name => shares.First(s => s.Release == name).At).ToList();
        var shown = names.Count > Named || shares.Any(s => s.Release == FacetValue.Rest) ? [.. named, Others] : named;
        var columns = Enumerable.Range(0, Days).Select(_ => new long[shown.Count]).ToList();
        foreach (var share in shares.Where(s => s.At >= since && s.At < since + (Days * DayMs)))
        {
            var place = shown.IndexOf(share.Release);
            columns[(int)((share.At - since) / DayMs)][place < 0 ? shown.Count - 1 : place] += share.Count;
        }

        return new(shown, columns, [.. Enumerable.Range(0, Days).Select(day => since + (day * DayMs))]);
    }

    /// <summary>Of the events that named their release in about the last day, how many each had.</summary>
    public static IReadOnlyDictionary<string, long> LastDay(IReadOnlyList<ReleaseShare> shares, DateTimeOffset now) =>
        shares.Where(s => s.At > now.ToUnixTimeMilliseconds() - DayMs - QuarterMs).GroupBy(s => s.Release, StringComparer.Ordinal).ToDictionary(s => s.Key, s => s.Sum(one => one.Count), StringComparer.Ordinal);

    private static long Today(DateTimeOffset now) => now.ToUnixTimeMilliseconds() / DayMs * DayMs;
}

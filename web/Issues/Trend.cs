using System.Globalization;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>Events of an issue by hour or by day, and the releases that came out meanwhile.</summary>
/// <param name="Marks">Oldest first.</param>
public sealed record Trend(string Range, bool ByDay, IReadOnlyList<TrendBar> Bars, IReadOnlyList<ReleaseMark> Marks)
{
    private const int HoursPerDay = 24;
    private const long HourMs = 3_600_000;
    private const int MostMarks = 12;

    public static readonly IReadOnlyList<(string Name, int Hours, bool ByDay)> Ranges =
        [("24h", 24, false), ("7d", 168, false), ("30d", 30 * HoursPerDay, true), ("90d", 90 * HoursPerDay, true)];

    public long Most => Bars.Max(bar => bar.Count);

    public long Total => Bars.Sum(bar => bar.Count);

    /// <summary>The shortest range that shows how it began, at most 30 days.</summary>
    public static string RangeFor(long firstSeen, DateTimeOffset now) =>
        (now - DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(firstSeen, 0, now.ToUnixTimeMilliseconds()))).TotalHours switch { < 24 => "24h", < 168 => "7d", _ => "30d" };

    public static async Task<Trend> ReadAsync(
        IErrorReader errors, long issue, string? range, string? environment, string? firstRelease, Task<IReadOnlyList<ReleaseRow>> releases, DateTimeOffset now, CancellationToken cancel)
    {
        var (name, hours, byDay) = Ranges.First(r => r.Name == range);
        var perBar = byDay ? HoursPerDay : 1;
        // Days are whole days, so that bars do not change from hour to hour.
        var last = now.ToUnixTimeSeconds() / 3600;
        last = last - (last % perBar) + perBar - 1;
        var first = last - hours + 1;
        var series = await errors.GetSeriesAsync(issue, first, last, environment, cancel);
        IReadOnlyList<TrendBar> bars = [.. series.Chunk(perBar).Select((chunk, i) => new TrendBar(NameOf(first + ((long)i * perBar), byDay), chunk.Sum()))];
        return new(name, byDay, bars, Mark(await releases, firstRelease, first, last, perBar));
    }

    private static IReadOnlyList<ReleaseMark> Mark(IReadOnlyList<ReleaseRow> releases, string? firstRelease, long first, long last, int perBar) =>
    [
        .. releases.Where(release => release.FirstReceived / HourMs >= first && release.FirstReceived / HourMs <= last)
            .OrderByDescending(release => release.FirstReceived).Take(MostMarks).Reverse()
            .Select(release => new ReleaseMark(
                release.Version, release.FirstReceived!.Value, (int)(((release.FirstReceived.Value / HourMs) - first) / perBar), release.Version == firstRelease)),
    ];

    private static string NameOf(long hour, bool byDay) =>
        DateTimeOffset.FromUnixTimeSeconds(hour * 3600).ToString(byDay ? "d MMM" : "d MMM HH:mm", CultureInfo.InvariantCulture);
}

public sealed record TrendBar(string Name, long Count);

/// <param name="At">Of the release's first event in the project, ms since 1970 UTC.</param>
/// <param name="Bar">Index of the bar in which that was.</param>
/// <param name="Began">The issue was first seen in it.</param>
public sealed record ReleaseMark(string Version, long At, int Bar, bool Began);

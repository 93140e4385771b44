using System.Globalization;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Parts;

namespace ErrorPipeline.Web.Issues;

/// <summary>Events over time, in as many bars as the eye can take in.</summary>
internal static class OccurrenceChart
{
    public static readonly IReadOnlyList<(string Name, int Hours, int HoursPerBar)> Ranges =
        [("24h", 24, 1), ("7d", 168, 3), ("30d", 720, 12), ("90d", 2160, 48)];

    /// <summary>The shortest range that shows how it began, at most 30 days.</summary>
    public static string RangeFor(long firstSeen, DateTimeOffset now) =>
        (now - DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(firstSeen, 0, now.ToUnixTimeMilliseconds()))).TotalHours switch { < 24 => "24h", < 168 => "7d", _ => "30d" };

    public static async Task<IReadOnlyList<Bar>> ReadAsync(IErrorReader errors, long issueId, string range, DateTimeOffset now, CancellationToken cancel)
    {
        var (_, hours, perBar) = Ranges.First(r => r.Name == range);
        // Bars begin at round times, so that they do not change shape from hour to hour.
        var last = now.ToUnixTimeSeconds() / 3600;
        last = last - (last % perBar) + perBar - 1;
        var first = last - hours + 1;
        var series = await errors.GetSeriesAsync(issueId, first, last, environment: null, cancel);
        return [.. series.Chunk(perBar).Select((chunk, i) => new Bar(NameOf(first + (long)i * perBar, perBar), chunk.Sum()))];
    }

    private static string NameOf(long hour, int perBar)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(hour * 3600);
        return time.ToString(perBar == 1 ? "HH:mm" : perBar < 24 ? "d MMM HH:mm" : "d MMM", CultureInfo.InvariantCulture);
    }
}

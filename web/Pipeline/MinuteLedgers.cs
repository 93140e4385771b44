using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Pipeline;

/// <summary>Reads what came in and what became of it, minute by minute, from the store.</summary>
internal sealed class MinuteLedgers(IErrorReader errors, TimeProvider clock)
{
    public async Task<MinuteLedger> ReadAsync(LedgerFilter filter, CancellationToken cancel)
    {
        var until = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        var from = until - filter.Minutes + 1;
        var counts = await errors.ListOutcomesAsync(filter.Project, from, cancel);
        return new(filter, from, filter.MinutesPerBar, [.. counts.GroupBy(c => c.Outcome, StringComparer.Ordinal).Select(g => Row(g.Key, g, from, filter))]);
    }

    private static OutcomeRow Row(string outcome, IEnumerable<OutcomeCount> counts, long from, LedgerFilter filter)
    {
        var bars = new long[filter.Minutes / filter.MinutesPerBar];
        foreach (var count in counts)
        {
            if (count.Minute >= from && (count.Minute - from) / filter.MinutesPerBar < bars.Length)
                bars[(count.Minute - from) / filter.MinutesPerBar] += count.Count;
        }

        return new(outcome, bars);
    }
}

/// <summary>Whose minutes, and how many.</summary>
public sealed record LedgerFilter(int? Project, string Range)
{
    public static readonly IReadOnlyList<(string Name, string Title, int Minutes)> Ranges =
        [("1h", "Last hour", 60), ("6h", "Last 6 hours", 360), ("24h", "Last day", 1440), ("7d", "Last 7 days", 10_080)];

    public int Minutes => Ranges.First(r => r.Name == Range).Minutes;

    /// <summary>Sixty bars are as many as can be told apart.</summary>
    public int MinutesPerBar => Minutes / 60;

    public static LedgerFilter From(string? project, string? range) => new(
        int.TryParse(project, out var id) ? id : null, Ranges.Any(r => r.Name == range) ? range! : Ranges[0].Name);

    public string ToQueryString() => $"?range={Range}" + (Project is { } project ? $"&project={project}" : "");
}

/// <param name="FromMinute">Minutes since 1970 UTC, of the first bar.</param>
public sealed record MinuteLedger(LedgerFilter Filter, long FromMinute, int MinutesPerBar, IReadOnlyList<OutcomeRow> Rows)
{
    public long Of(string outcome) => Rows.Where(r => r.Outcome == outcome).Sum(r => r.Total);
}

/// <param name="Counts">Events, oldest bar first, zeros filled in.</param>
public sealed record OutcomeRow(string Outcome, IReadOnlyList<long> Counts)
{
    public long Total => Counts.Sum();
}

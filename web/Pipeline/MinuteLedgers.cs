using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Pipeline;

/// <summary>Reads what came in and what became of it, minute by minute, from the store, and what is in flight from the queues.</summary>
internal sealed class MinuteLedgers(IErrorReader errors, QueueCensus census, IOptions<PipelineOptions> options, TimeProvider clock)
{
    /// <summary>However many pages look at it, the queues are read no more often.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private volatile Census? _last;

    public async Task<MinuteLedger> ReadAsync(LedgerFilter filter, CancellationToken cancel)
    {
        var until = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        var from = until - filter.Minutes + 1;
        var counts = await errors.ListOutcomesAsync(filter.Project, from, cancel);
        return new(filter, from, filter.MinutesPerBar, [.. counts.GroupBy(c => c.Outcome, StringComparer.Ordinal).Select(g => Row(g.Key, g, from, filter))])
        {
            InFlight = await InFlightAsync(filter.Project, cancel),
        };
    }

    /// <summary>Null while Redis does not answer.</summary>
    private async Task<InFlight?> InFlightAsync(int? project, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var last = _last;
        if (last is null || now - last.At > Fresh || last.Count.IsFaulted)
            _last = last = new(now, census.CountAsync(Lane.All(options.Value.Lanes)));
        try
        {
            var counted = await last.Count.WaitAsync(cancel);
            return new(counted.Events.Where(e => project is null || e.Key == project).Sum(e => e.Value), counted.IsWhole);
        }
        catch (RedisUnavailableException)
        {
            return null;
        }
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

    private sealed record Census(DateTimeOffset At, Task<QueuedEvents> Count);
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
    /// <summary>Null where it is not known: Redis does not answer.</summary>
    public InFlight? InFlight { get; init; }

    public long Of(string outcome) => Rows.Where(r => r.Outcome == outcome).Sum(r => r.Total);
}

/// <param name="Counts">Events, oldest bar first, zeros filled in.</param>
public sealed record OutcomeRow(string Outcome, IReadOnlyList<long> Counts)
{
    public long Total => Counts.Sum();
}

/// <summary>What waits in the queues now, of one project or of all: counted there, about, as it moves on meanwhile.</summary>
/// <param name="IsWhole">False where more waits than is read for a count.</param>
public sealed record InFlight(long Events, bool IsWhole);

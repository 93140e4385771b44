using System.Globalization;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Components.Parts;
using ErrorPipeline.Web.Scoping;

namespace ErrorPipeline.Web.Overview;

/// <summary>The bars of the overview's chart: the minutes of an hour, which move on while one looks, or what a longer time asks for.</summary>
/// <param name="Title">"Errors per minute, last hour".</param>
/// <param name="FirstBar">Of the time since 1970 UTC, in bars.</param>
public sealed record Course(string Title, long BarMs, int Bars, long FirstBar)
{
    public const long MinuteMs = 60_000;
    private const long HourMs = 60 * MinuteMs;
    private const long DayMs = 24 * HourMs;

    public bool ByMinute => BarMs == MinuteMs;

    /// <summary>When the last bar is.</summary>
    public string Lately => BarMs switch
    {
        MinuteMs => "in the last minute",
        HourMs => "in this hour",
        DayMs => "today",
        _ => "in these 6 hours",
    };

    public long FromMs => FirstBar * BarMs;

    public static Course Of(Scope scope, DateTimeOffset now)
    {
        var (title, bar, bars) = scope.Since switch
        {
            "24h" => ("Errors per hour, last 24 hours", HourMs, 24),
            "7d" => ("Errors per 6 hours, last 7 days", 6 * HourMs, 28),
            "30d" => ("Errors per day, last 30 days", DayMs, 30),
            _ => ("Errors per minute, last hour", MinuteMs, 60),
        };
        return new(title, bar, bars, (now.ToUnixTimeMilliseconds() / bar) - bars + 1);
    }

    /// <summary>Events of each bar, the present one last.</summary>
    public IReadOnlyList<long> Fold(IEnumerable<Arrivals> arrivals)
    {
        var counts = new long[Bars];
        foreach (var one in arrivals)
        {
            var bar = (one.At / BarMs) - FirstBar;
            if (bar >= 0 && bar < Bars)
                counts[bar] += one.Count;
        }

        return counts;
    }

    public IReadOnlyList<Bar> Named(IReadOnlyList<long> counts) => [.. counts.Select((count, n) => new Bar(NameOf(n), count))];

    private string NameOf(int bar) => ByMinute
        ? bar == Bars - 1 ? "now" : $"{Bars - 1 - bar} min ago"
        : Said.Time((FirstBar + bar) * BarMs).ToString(BarMs == HourMs ? "HH:mm 'UTC'" : BarMs == DayMs ? "d MMM" : "d MMM HH:mm", CultureInfo.InvariantCulture);
}

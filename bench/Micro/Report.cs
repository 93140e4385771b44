using System.Globalization;
using System.Text;

namespace ErrorPipeline.Micro;

/// <summary>What a script says that read a map.</summary>
/// <param name="ColdMs">From the map's bytes to the first answer, median.</param>
/// <param name="WarmNs">A lookup at a random place, median over rounds.</param>
/// <param name="Checksum">Of all answers.</param>
internal sealed record MapTimes(double ColdMs, double WarmNs, long Checksum);

/// <summary>One turn of every contender.</summary>
internal sealed record Round(OurSide Ours, MapTimes TraceMapping, MapTimes SourceMap, Dictionary<string, double> Stacks, double UaParser);

internal static class Report
{
    public const string Begin = "<!-- micro: written by ./dev bench micro -->";
    public const string End = "<!-- /micro -->";

    public static string Of(IReadOnlyList<Round> rounds, int segments)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Medians of {rounds.Count} alternated rounds of one run, in brackets the least and the most; the ratio is the median of those of the rounds. A bundle's map of {segments:N0} segments, {Inputs.Current.Map.Length / 1024:N0} KB; {Inputs.Lookups:N0} lookups at random characters of the bundle; {Inputs.Current.Stacks.Count} stacks of Chromium and Firefox; {Inputs.Current.Agents.Count} user agents.").AppendLine();
        text.AppendLine("| work | ErrorPipeline | allocates | other | | ratio |").AppendLine("|---|---|---|---|---|---|");
        const string Trace = "@jridgewell/trace-mapping 0.3.31", Mozilla = "source-map 0.6.1";
        Row("source map, from its text to a first answer", "ms", 1e6, o => o.First, Trace, r => r.TraceMapping.ColdMs);
        Row("", "ms", 1e6, o => o.First, Mozilla, r => r.SourceMap.ColdMs);
        Row("source map, one more lookup", "ns", 1, o => o.OneMore, Trace, r => r.TraceMapping.WarmNs);
        Row("", "ns", 1, o => o.OneMore, Mozilla, r => r.SourceMap.WarmNs);
        Row("a stack", "µs", 1e3, o => o.Stack, "@sentry/browser 11.12.0 `defaultStackParser`", r => r.Stacks["sentry"]);
        Row("", "µs", 1e3, o => o.Stack, "stacktrace-parser 0.1.11", r => r.Stacks["stacktraceParser"]);
        Row("", "µs", 1e3, o => o.Stack, "error-stack-parser 3.0.0", r => r.Stacks["errorStackParser"]);
        Row("a user agent, never seen", "µs", 1e3, o => o.AgentAnew, "ua-parser-js 1.0.41", r => r.UaParser);
        Row("a user agent, seen before", "µs", 1e3, o => o.AgentSeen, "ua-parser-js 1.0.41", r => r.UaParser);
        return text.ToString().Replace("\r", "", StringComparison.Ordinal).TrimEnd();

        void Row(string work, string unit, double nanoseconds, Func<OurSide, Measured> ours, string name, Func<Round, double> theirs)
        {
            var times = rounds.Select(r => ours(r.Ours).Nanoseconds / nanoseconds).ToList();
            var ratios = rounds.Zip(times, (r, time) => theirs(r) / time);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {work} | {Spread(times, unit)} | {Size(Median(rounds.Select(r => ours(r.Ours).Bytes)))} | {Spread(rounds.Select(theirs), unit)} | {name} | {Short(Median(ratios))} |");
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Size(double bytes) => bytes < 10_000 ? $"{Short(bytes)} B" : $"{Short(bytes / 1024)} KB";

    private static string Spread(IEnumerable<double> values, string unit)
    {
        var sorted = values.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{Short(sorted[sorted.Count / 2])} {unit} ({Short(sorted[0])}–{Short(sorted[^1])})");
    }

    private static string Short(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}

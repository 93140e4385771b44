using System.Globalization;
using System.Text;

namespace ErrorPipeline.Micro;

/// <summary>One turn of every contender.</summary>
internal sealed record Round(
    Measured OurMap, Measured TraceMapping, Measured SourceMap, double OurStack, Dictionary<string, double> Stacks, (double Anew, double Known) OurAgent, double UaParser);

internal static class Report
{
    public const string Begin = "<!-- micro: written by ./dev bench micro -->";
    public const string End = "<!-- /micro -->";

    public static string Of(IReadOnlyList<Round> rounds, string map, int stacks, int agents)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Medians of {rounds.Count} alternated rounds of one run, in brackets the least and the most; the ratio is the median of those of the rounds. A bundle's map of {map}; {SourceMapRun.Lookups:N0} lookups at random places; {stacks} stacks of Chromium and Firefox; {agents} user agents.").AppendLine();
        text.AppendLine("| work | ErrorPipeline | other | | ratio |").AppendLine("|---|---|---|---|---|");
        const string Trace = "@jridgewell/trace-mapping 0.3.31", Mozilla = "source-map 0.6.1";
        Row("source map, from its text to a first answer", "ms", r => r.OurMap.ColdMs, Trace, r => r.TraceMapping.ColdMs);
        Row("", "ms", r => r.OurMap.ColdMs, Mozilla, r => r.SourceMap.ColdMs);
        Row("source map, one more lookup", "ns", r => r.OurMap.WarmNs, Trace, r => r.TraceMapping.WarmNs);
        Row("", "ns", r => r.OurMap.WarmNs, Mozilla, r => r.SourceMap.WarmNs);
        Row("a stack", "µs", r => r.OurStack, "@sentry/browser 11.12.0 `defaultStackParser`", r => r.Stacks["sentry"]);
        Row("", "µs", r => r.OurStack, "stacktrace-parser 0.1.11", r => r.Stacks["stacktraceParser"]);
        Row("", "µs", r => r.OurStack, "error-stack-parser 3.0.0", r => r.Stacks["errorStackParser"]);
        Row("a user agent, never seen", "µs", r => r.OurAgent.Anew, "ua-parser-js 1.0.41", r => r.UaParser);
        Row("a user agent, seen before", "µs", r => r.OurAgent.Known, "ua-parser-js 1.0.41", r => r.UaParser);
        return text.ToString().Replace("\r", "", StringComparison.Ordinal).TrimEnd();

        void Row(string work, string unit, Func<Round, double> ours, string name, Func<Round, double> theirs) => text.AppendLine(
            CultureInfo.InvariantCulture, $"| {work} | {Spread(rounds.Select(ours), unit)} | {Spread(rounds.Select(theirs), unit)} | {name} | {Short(Timing.Median(rounds.Select(r => theirs(r) / ours(r))))} |");
    }

    private static string Spread(IEnumerable<double> values, string unit)
    {
        var sorted = values.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{Short(sorted[sorted.Count / 2])} {unit} ({Short(sorted[0])}–{Short(sorted[^1])})");
    }

    private static string Short(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}

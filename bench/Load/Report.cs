using System.Globalization;
using System.Text;

namespace ErrorPipeline.Load;

internal static class Report
{
    public const string Begin = "<!-- load: written by ./dev bench -->";
    public const string End = "<!-- /load -->";

    public static string Of(LoadResult r)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{r.Events:N0} events in batches of 10 from {r.Clients} clients on the same machine ({Environment.ProcessorCount} cores, {Processor()}), one worker process, `appendfsync always`.").AppendLine();
        text.AppendLine("| measure | value |").AppendLine("|---|---|");
        text.AppendLine(CultureInfo.InvariantCulture, $"| answered 202 | {r.Events / r.Sending.TotalSeconds:N0} events/s |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| stored, drain included | {r.Events / r.Drained.TotalSeconds:N0} events/s |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| time of an answer, median / 99% | {Percentile(r, 0.5):0.0} / {Percentile(r, 0.99):0.0} ms |").AppendLine();
        text.AppendLine("| process | CPU per event | peak memory |").AppendLine("|---|---|---|");
        foreach (var process in r.Processes)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {process.Name} | {process.CpuPerEvent * 1e6:0} µs | {process.PeakBytes / 1048576.0:0} MB |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| all | {r.Processes.Sum(p => p.CpuPerEvent) * 1e6:0} µs | {r.Processes.Sum(p => p.PeakBytes) / 1048576.0:0} MB |");
        return text.ToString().Replace("\r", "", StringComparison.Ordinal).TrimEnd();
    }

    private static double Percentile(LoadResult result, double share) => result.SortedLatencies[(int)(share * (result.SortedLatencies.Count - 1))];

    private static string Processor() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}

using System.Globalization;
using System.Text;

namespace ErrorPipeline.StoreBench;

internal static class Report
{
    public static string Begin(Place place) => $"<!-- {place.Engine}: written by ./dev bench store -->";

    public static string End(Place place) => $"<!-- /{place.Engine} -->";

    public static string Of(Filled filled, IReadOnlyList<Asked> pages)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{filled.Store.Issues:N0} issues, {filled.Store.Events:N0} events counted, {filled.Store.Samples:N0} kept whole, in {filled.Store.Bytes / 1048576.0:N0} MB of {filled.Store.Engine}; {Environment.ProcessorCount} cores.").AppendLine();
        text.AppendLine("| page | requests | median | p95 | slowest | size |").AppendLine("|---|---|---|---|---|---|");
        foreach (var page in pages)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {page.Page} | {page.Ms.Count} | {page.At(0.5):0.0} ms | {page.At(0.95):0.0} ms | {page.At(1):0.0} ms | {page.Bytes / 1024.0:0} KB |");
        return text.ToString().Replace("\r", "", StringComparison.Ordinal).TrimEnd();
    }
}

using System.Globalization;
using System.Text;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.StoreBench;

/// <summary>The tables of bench/README.md.</summary>
internal static class Report
{
    public static void Write(string name, string table) => WrittenPage.Write(
        Path.Combine(Places.Root, "bench", "README.md"), $"<!-- {name}: written by ./dev bench store -->", table, $"<!-- /{name} -->");

    public static string OfPages(Place place, StoreSummary store, IReadOnlyList<Asked> pages)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{store.Issues:N0} issues, {store.Events:N0} events counted, {store.Samples:N0} kept whole, in {store.Bytes / 1048576.0:N0} MB of {place.Engine}; {Environment.ProcessorCount} cores.").AppendLine();
        text.AppendLine("| page | requests | median | p95 | slowest | CPU of web | size |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (var page in pages)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {page.Page} | {page.Ms.Count} | {page.At(0.5):0.0} ms | {page.At(0.95):0.0} ms | {page.At(1):0.0} ms | {page.Cpu * 1000:0.0} ms | {page.Bytes / 1024.0:0} KB |");
        return Clean(text);
    }

    public static string OfGrowth(IReadOnlyList<Grown> stores)
    {
        var text = new StringBuilder();
        text.AppendLine("| store | issues | projects | events | writer's CPU, an event | | pages, CPU of web | | pages, p95 | |").AppendLine("|---|---|---|---|---|---|---|---|---|---|");
        var small = stores[0];
        foreach (var store in stores)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {store.Name} | {store.Size.Issues:N0} | {store.Size.Projects} | {store.Size.Events:N0} | {store.WriterMicros:0} µs | {Percent(store.WriterMicros, small.WriterMicros)} | {store.PageCpuMs:0.0} ms | {Percent(store.PageCpuMs, small.PageCpuMs)} | {store.PageP95Ms:0.0} ms | {Percent(store.PageP95Ms, small.PageP95Ms)} |");
        return Clean(text);
    }

    public static string OfCrowd(CrowdMeasured crowd)
    {
        var text = new StringBuilder();
        text.AppendLine("| open dashboards | told, each | read anew, each | CPU of web | memory of web |").AppendLine("|---|---|---|---|---|");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| {crowd.Dashboards} | {crowd.ToldPerSecond:0.0} a second | {crowd.ReadPerSecond:0.0} a second | {crowd.Cores * 100:0.0} % of a core | {crowd.ResidentBytes / 1048576.0:0} MB |");
        return Clean(text);
    }

    private static string Percent(double now, double before) => now == before ? "" : ((now / before) - 1).ToString("+0 %;−0 %;0 %", CultureInfo.InvariantCulture);

    private static string Clean(StringBuilder text) => text.ToString().Replace("\r", "", StringComparison.Ordinal).TrimEnd();
}

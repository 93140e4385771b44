using System.Globalization;
using ErrorPipeline.Rigs;
using ErrorPipeline.StoreBench;

// Fills a store of its own and asks the dashboard's own process for its pages; or compares stores of several sizes; or opens many dashboards.
var verb = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "pages";
using var folder = Text("--data") is null ? new TempFolder() : null;
var data = Text("--data") ?? folder!.Path;
var (name, table) = verb switch
{
    "pages" => await PagesAsync(),
    "growth" => ("pages-growth", Report.OfGrowth(await Growth.RunAsync(data, Option("--requests", 30, 10, 10_000)))),
    "live" => ("dashboards", await CrowdAsync()),
    _ => throw new FormatException($"there is no {verb}: pages, growth or live"),
};
await Console.Out.WriteLineAsync(table);
if (!args.Contains("--no-write"))
    Report.Write(name, table);
return 0;

async Task<(string Name, string Table)> PagesAsync()
{
    var size = new Size(Option("--issues", 100_000, 100, 1_000_000), Option("--events", 10_000_000, 1_000, 1_000_000_000));
    var place = new Place(data, Text("--mongo"));
    var store = await Filling.RunAsync(place, size);
    return (place.Engine, Report.OfPages(place, store, await Asking.RunAsync(place, size, Option("--requests", 200, 10, 10_000))));
}

async Task<string> CrowdAsync()
{
    var duration = TimeSpan.FromSeconds(Option("--seconds", 30, 5, 300));
    await using var all = await Installation.StartAsync();
    return Report.OfCrowd(await DashboardCrowd.MeasureAsync(all, Option("--dashboards", 500, 1, 2_000), duration, default));
}

string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

int Option(string name, int fallback, int least, int most)
{
    if (Text(name) is not { } given)
        return fallback;
    return int.TryParse(given, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
        ? value
        : throw new FormatException($"{name} takes a number from {least} to {most}");
}

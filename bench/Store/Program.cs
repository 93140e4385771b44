using System.Globalization;
using ErrorPipeline.Rigs;
using ErrorPipeline.StoreBench;

// Fills a store of its own and asks the dashboard's own process for its pages.
var issues = Option("--issues", 100_000, 100, 1_000_000);
var events = Option("--events", 10_000_000, 1_000, 1_000_000_000);
var requests = Option("--requests", 200, 10, 10_000);
var mongo = Text("--mongo");
using var folder = Text("--data") is null ? new TempFolder() : null;
var place = new Place(Text("--data") ?? folder!.Path, mongo);
var filled = await Filling.RunAsync(place, issues, events);
var asked = await Asking.RunAsync(place, requests, issues);
var table = Report.Of(filled, asked);
await Console.Out.WriteLineAsync(table);
if (!args.Contains("--no-write"))
    WrittenPage.Write(Path.Combine(Places.Root, "bench", "README.md"), Report.Begin(place), table, Report.End(place));
return 0;

string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

int Option(string name, int fallback, int least, int most)
{
    if (Text(name) is not { } given)
        return fallback;
    return int.TryParse(given, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
        ? value
        : throw new FormatException($"{name} takes a number from {least} to {most}");
}

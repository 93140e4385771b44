using System.Globalization;
using ErrorPipeline.Load;
using ErrorPipeline.Rigs;

// Bounded on purpose, and only ever against an installation of its own on loopback.
var seconds = Option("--seconds", 15, 1, 120);
var clients = Option("--clients", 16, 1, 256);
var result = await Measurement.RunAsync(TimeSpan.FromSeconds(seconds), clients);
var table = Report.Of(result);
await Console.Out.WriteLineAsync(table);
if (!args.Contains("--no-write"))
    WrittenPage.Write(Path.Combine(Places.Root, "bench", "README.md"), Report.Begin, table, Report.End);
return 0;

int Option(string name, int fallback, int least, int most)
{
    var at = Array.IndexOf(args, name);
    if (at < 0)
        return fallback;
    return at + 1 < args.Length && int.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
        ? value
        : throw new FormatException($"{name} takes a number from {least} to {most}");
}

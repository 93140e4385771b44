using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ErrorPipeline.Micro;

// usage, in the root: (cd bench/Micro/js && npm ci --ignore-scripts) && dotnet run -c Release --project bench/Micro
const int alternations = 5;
const string scripts = "bench/Micro/js";
var folder = Directory.CreateTempSubdirectory("errorpipeline-micro-");
try
{
    await Run("bundle.mjs", folder.FullName);
    var map = Path.Combine(folder.FullName, "app.js.map");
    var stacks = Path.Combine(folder.FullName, "stacks.json");
    var count = StackRun.Collect("tests/Corpus", stacks);
    var bytes = await File.ReadAllBytesAsync(map);
    List<Measured> ourMaps = [], theirMaps = [];
    List<double> ourStacks = [];
    List<Dictionary<string, double>> theirStacks = [];
    for (var i = 0; i < alternations; i++)
    {
        ourMaps.Add(SourceMapRun.Measure(bytes));
        theirMaps.Add(await Node<Measured>("trace-mapping.mjs", map));
        ourStacks.Add(StackRun.Measure(stacks));
        theirStacks.Add(await Node<Dictionary<string, double>>("stacks.mjs", stacks));
    }

    if (ourMaps[0].Checksum != theirMaps[0].Checksum)
        throw new InvalidOperationException($"the answers differ: {ourMaps[0].Checksum} and {theirMaps[0].Checksum}");
    var ours = Timing.Median(ourStacks);
    Console.WriteLine($"""
        Medians of {alternations} alternated runs. Source maps: {ourMaps[0].Segments} segments, {bytes.Length / 1024} KB, {SourceMapRun.Lookups} random lookups, the same answers from both. Stacks: {count} of Chromium and Firefox.

        | work | ErrorPipeline | other | ratio |
        |---|---|---|---|
        {Row("source map, cold", "ms", Timing.Median(ourMaps.Select(m => m.ColdMs)), "@jridgewell/trace-mapping", Timing.Median(theirMaps.Select(m => m.ColdMs)))}
        {Row("source map, a warm lookup", "ns", Timing.Median(ourMaps.Select(m => m.WarmNs)), "@jridgewell/trace-mapping", Timing.Median(theirMaps.Select(m => m.WarmNs)))}
        {Row("a stack", "µs", ours, "@sentry/browser `defaultStackParser`", Theirs("sentry"))}
        {Row("a stack", "µs", ours, "error-stack-parser", Theirs("errorStackParser"))}
        {Row("a stack", "µs", ours, "stacktrace-parser", Theirs("stacktraceParser"))}
        """);

    double Theirs(string name) => Timing.Median(theirStacks.Select(run => run[name]));
}
finally
{
    folder.Delete(recursive: true);
}

static string Row(string work, string unit, double ours, string name, double theirs) =>
    string.Create(CultureInfo.InvariantCulture, $"| {work} | {ours:F2} {unit} | {theirs:F2} {unit}, {name} | {theirs / ours:F1} |");

static async Task<T> Node<T>(string script, string argument) => JsonSerializer.Deserialize<T>(await Run(script, argument), JsonSerializerOptions.Web)!;

static async Task<string> Run(string script, string argument)
{
    using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(scripts, script), argument]) { RedirectStandardOutput = true, UseShellExecute = false })
        ?? throw new InvalidOperationException("node did not start");
    var output = await node.StandardOutput.ReadToEndAsync();
    await node.WaitForExitAsync();
    return node.ExitCode == 0 ? output : throw new InvalidOperationException($"node {script} ended with {node.ExitCode}; is `npm ci` done in {scripts}?");
}

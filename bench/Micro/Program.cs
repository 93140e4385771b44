using System.Diagnostics;
using System.Text.Json;
using ErrorPipeline.Micro;
using ErrorPipeline.Rigs;

// usage, in the root: ./dev bench micro [--no-write]
const int alternations = 5;
const string scripts = "bench/Micro/js";
var folder = Directory.CreateTempSubdirectory("errorpipeline-micro-");
try
{
    await Run("bundle.mjs", folder.FullName);
    var map = Path.Combine(folder.FullName, "app.js.map");
    var stacks = Path.Combine(folder.FullName, "stacks.json");
    const string agents = "bench/Micro/agents.txt";
    var count = StackRun.Collect("tests/Corpus", stacks);
    var bytes = await File.ReadAllBytesAsync(map);
    var rounds = new List<Round>();
    for (var i = 0; i < alternations; i++)
    {
        rounds.Add(new(
            SourceMapRun.Measure(bytes), await Node<Measured>("trace-mapping.mjs", map), await Node<Measured>("source-map.mjs", map),
            StackRun.Measure(stacks), await Node<Dictionary<string, double>>("stacks.mjs", stacks),
            AgentRun.Measure(agents), await Node<double>("agents.mjs", agents)));
    }

    if (rounds[0].OurMap.Checksum != rounds[0].TraceMapping.Checksum)
        throw new InvalidOperationException($"the answers differ: {rounds[0].OurMap.Checksum} and {rounds[0].TraceMapping.Checksum}");
    var table = Report.Of(rounds, $"{rounds[0].OurMap.Segments:N0} segments, {bytes.Length / 1024:N0} KB", count, File.ReadAllLines(agents).Length);
    Console.WriteLine(table);
    if (!args.Contains("--no-write"))
        WrittenPage.Write("bench/README.md", Report.Begin, table, Report.End);
}
finally
{
    folder.Delete(recursive: true);
}

static async Task<T> Node<T>(string script, string argument) => JsonSerializer.Deserialize<T>(await Run(script, argument), JsonSerializerOptions.Web)!;

static async Task<string> Run(string script, string argument)
{
    using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(scripts, script), argument]) { RedirectStandardOutput = true, UseShellExecute = false })
        ?? throw new InvalidOperationException("node did not start");
    var output = await node.StandardOutput.ReadToEndAsync();
    await node.WaitForExitAsync();
    return node.ExitCode == 0 ? output : throw new InvalidOperationException($"node {script} ended with {node.ExitCode}; is `npm ci` done in {scripts}?");
}

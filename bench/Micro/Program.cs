using System.Diagnostics;
using System.Text.Json;
using ErrorPipeline.Micro;
using ErrorPipeline.Rigs;

// usage, in the root: ./dev bench micro [--no-write]
const int alternations = 5;
const string scripts = "bench/Micro/js";
const string agents = "bench/Micro/agents.txt";
var folder = Directory.CreateTempSubdirectory("errorpipeline-micro-");
try
{
    await Run("bundle.mjs", folder.FullName);
    var (code, map, stacks) = (Path.Combine(folder.FullName, "app.js"), Path.Combine(folder.FullName, "app.js.map"), Path.Combine(folder.FullName, "stacks.json"));
    Inputs.Current = new(await File.ReadAllTextAsync(code), await File.ReadAllBytesAsync(map), Inputs.StacksOf("tests/Corpus"), [.. File.ReadLines(agents).Where(line => line.Length > 0)]);
    await File.WriteAllBytesAsync(stacks, JsonSerializer.SerializeToUtf8Bytes(Inputs.Current.Stacks, JsonSerializerOptions.Web));
    SeeThatAllIsRead();

    var rounds = new List<Round>();
    for (var i = 0; i < alternations; i++)
    {
        await Console.Error.WriteLineAsync($"round {i + 1} of {alternations}");
        rounds.Add(new(
            OurSide.Measure(folder.FullName), await Node<MapTimes>("trace-mapping.mjs", code), await Node<MapTimes>("source-map.mjs", code),
            await Node<Dictionary<string, double>>("stacks.mjs", stacks), await Node<double>("agents.mjs", agents)));
    }

    var ours = new SourceMapBenchmarks();
    if (ours.OneMore() != rounds[0].TraceMapping.Checksum)
        throw new InvalidOperationException($"the answers differ: {ours.OneMore()} and {rounds[0].TraceMapping.Checksum}");
    var table = Report.Of(rounds, ours.Segments);
    Console.WriteLine(table);
    if (!args.Contains("--no-write"))
        WrittenPage.Write("bench/README.md", Report.Begin, table, Report.End);
}
finally
{
    folder.Delete(recursive: true);
}

static void SeeThatAllIsRead()
{
    if (new StackBenchmarks().ParseAll() < Inputs.Current.Stacks.Count)
        throw new InvalidOperationException("stacks were not read");
    var anew = new AgentBenchmarks();
    if (anew.ReadAllAnew() < Inputs.Current.Agents.Count / 2 || anew.FindAllSeen() != Inputs.Current.Agents.Count)
        throw new InvalidOperationException("user agents were not read");
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

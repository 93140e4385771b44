using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ErrorPipeline.Micro;

// usage: dotnet run -c Release --project bench/Micro [-- FOLDER of bench/Micro/js]
var scripts = args.Length > 0 ? args[0] : "bench/Micro/js";
var folder = Directory.CreateTempSubdirectory("errorpipeline-micro-");
try
{
    await Node("bundle.mjs", folder.FullName);
    var map = Path.Combine(folder.FullName, "app.js.map");
    var ours = SourceMapRun.Measure(await File.ReadAllBytesAsync(map));
    var theirs = JsonSerializer.Deserialize<Measured>(await Node("trace-mapping.mjs", map), JsonSerializerOptions.Web)!;
    if (ours.Checksum != theirs.Checksum)
        throw new InvalidOperationException($"the answers differ: {ours.Checksum} and {theirs.Checksum}");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
        source maps: {ours.Segments} segments, {new FileInfo(map).Length / 1024} KB, {SourceMapRun.Lookups} random lookups, the same answers from both
                            ErrorPipeline   trace-mapping   ratio
        cold, ms            {ours.ColdMs,13:F2}   {theirs.ColdMs,13:F2}   {theirs.ColdMs / ours.ColdMs,5:F1}
        warm, ns a lookup   {ours.WarmNs,13:F1}   {theirs.WarmNs,13:F1}   {theirs.WarmNs / ours.WarmNs,5:F1}
        """));
}
finally
{
    folder.Delete(recursive: true);
}

async Task<string> Node(string script, string argument)
{
    using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(scripts, script), argument]) { RedirectStandardOutput = true, UseShellExecute = false })
        ?? throw new InvalidOperationException("node did not start");
    var output = await node.StandardOutput.ReadToEndAsync();
    await node.WaitForExitAsync();
    return node.ExitCode == 0 ? output : throw new InvalidOperationException($"node {script} ended with {node.ExitCode}; is `npm ci` done in {scripts}?");
}

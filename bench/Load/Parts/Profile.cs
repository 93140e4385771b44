using System.Globalization;
using System.Text;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Load.Profiling;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Parts;

/// <summary>Where the time of collector and workers goes while they do as much as they can.</summary>
internal static class Profile
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(20);

    public static async Task<string> RunAsync(Plan plan)
    {
        if (!Perf.IsThere)
            throw new InvalidOperationException("perf is not on the PATH (Debian's package linux-perf)");
        var text = new StringBuilder();
        foreach (var kind in new[] { PayloadKind.Native, PayloadKind.Envelope })
        {
            await using var load = await SteadyLoad.StartAsync(kind, new() { Change = Named });
            await load.CalibrateAsync(plan);
            var pids = load.Ours.Processes.Where(p => p.Name is "collector" or "workers").ToDictionary(p => p.Pid, p => p.Name);
            var sending = load.RunAsync(null, Time + TimeSpan.FromSeconds(5));
            var samples = await Perf.RecordAsync(pids.Keys, Time);
            var run = await sending;
            foreach (var process in samples.GroupBy(s => pids[s.Pid]).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {process.Key}, events of {load.Bytes / 1000.0:0.0} KB: {run.Cpu[process.Key]:0} µs an event | share | an event |\n|---|---|---|\n");
                foreach (var work in process.GroupBy(Work.Of).Where(g => g.Count() * 200 >= process.Count()).OrderByDescending(g => g.Count()))
                {
                    var share = work.Count() / (double)process.Count();
                    text.Append(CultureInfo.InvariantCulture, $"| {work.Key} | {share * 100:0} % | {share * run.Cpu[process.Key]:0.0} µs |\n");
                }

                text.Append('\n');
                if (plan.Writes && kind == PayloadKind.Native)
                    await File.WriteAllTextAsync(
                        Path.Combine(Places.Root, "bench", $"flame-{process.Key}.svg"),
                        FlameGraph.Svg($"{process.Key}, events of {load.Bytes / 1000.0:0.0} KB, as many as the chain takes", [.. process.Select(s => s.Frames)]));
            }
        }

        return text.ToString();
    }

    private static AppStart Named(AppStart start) => start with { Environment = start.Environment.Concat(Perf.Named).ToDictionary() };
}

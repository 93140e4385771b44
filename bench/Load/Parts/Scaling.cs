using System.Globalization;
using System.Text;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Load.Model;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Parts;

/// <summary>
/// Fits what each part costs to two measurements, predicts two configurations that it has not seen, measures them, and fails where a prediction
/// is off by more than a fifth. Then it says on paper, and by simulation, what a million events a second take.
/// </summary>
internal static class Scaling
{
    private const double Tolerance = 0.2;
    private const int CoresOfMachine = 8;
    private static readonly string[][] EachStage = [["--stages", "dedupe"], ["--stages", "normalize"], ["--stages", "aggregate"], ["--stages", "write"]];
    private static readonly double[] Rates = [10_000, 100_000, 1_000_000];

    public static async Task<string> RunAsync(Plan plan)
    {
        var small = await MeasureAsync(plan, PayloadKind.Native, new() { Workers = EachStage });
        var large = await MeasureAsync(plan, PayloadKind.Large, new() { Workers = EachStage });
        var costs = Coefficients.Fit(small.Kb, small.Run.Cpu, large.Kb, large.Run.Cpu);
        var text = new StringBuilder("Everything but the clients on one core, one process a stage:\n\n| part | CPU per event | and per KB of it | of 1.5 KB |\n|---|---|---|---|\n");
        foreach (var (part, line) in costs.Parts)
            text.Append(CultureInfo.InvariantCulture, $"| {part} | {line.PerEvent:0.0} µs | {line.PerKb:0.00} µs | {line.At(1.5):0.0} µs |\n");
        text.Append("\n| predicted, not fitted to | model | measured | off by |\n|---|---|---|---|\n");

        var wrong = new List<string>();
        await PredictAsync("bodies of 10 KB, one worker process", PayloadKind.Medium, new());
        await PredictAsync("four lanes, two worker processes, 1.5 KB", PayloadKind.Native, new() { Workers = [[], []], Settings = new Dictionary<string, string> { ["Lanes"] = "4" } });
        if (wrong.Count > 0)
            throw new InvalidOperationException($"the model is off by more than {Tolerance:P0}: {string.Join("; ", wrong)}\n{text}");
        text.Append(OnPaper(costs));
        if (plan.Writes)
            WrittenPage.Write(Path.Combine(Places.Root, "docs", "scaling.md"), "<!-- model: written by ./dev bench model -->", $"{plan.Machine(rounds: false)}\n\n{text}", "<!-- /model -->");
        return "The coefficients, the check of the model and what it says of large installations are in [docs/scaling.md](../docs/scaling.md).";

        async Task PredictAsync(string what, PayloadKind kind, InstallationOptions options)
        {
            var (kb, run) = await MeasureAsync(plan, kind, options);
            var predicted = costs.PerSecond(1, kb);
            var off = (predicted / run.ArrivedPerSecond) - 1;
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {predicted:N0}/s | {run.ArrivedPerSecond:N0}/s | {off * 100:+0;-0} % |\n");
            if (Math.Abs(off) > Tolerance)
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {predicted:N0}/s predicted, {run.ArrivedPerSecond:N0}/s measured"));
        }
    }

    /// <summary>The installation on the first core, the clients on the second, as fast as answers come back, until all of it is stored.</summary>
    private static async Task<(double Kb, SteadyRun Run)> MeasureAsync(Plan plan, PayloadKind kind, InstallationOptions options)
    {
        await using var load = await SteadyLoad.StartAsync(kind, options);
        await load.PartAsync();
        await load.CalibrateAsync(plan);
        var runs = new List<SteadyRun>();
        for (var round = 0; round < 3; round++)
            runs.Add(await load.RunAsync(null, plan.Duration));
        var run = runs.OrderBy(r => r.ArrivedPerSecond).ElementAt(1);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"  {kind}: {run.ArrivedPerSecond:N0}/s, {run.Cpu.Values.Sum():0} µs ({string.Join(", ", run.Cpu.Select(c => $"{c.Key} {c.Value:0}"))})"));
        return (load.Bytes / 1000.0, run);
    }

    private static string OnPaper(Coefficients costs)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"\nMachines of {CoresOfMachine} cores, 1.5 KB an event, planned for {Layout.Utilization:P0} of what each part can take:\n\n| events/s | collectors | Redis nodes | lanes | worker machines | writers = cells = stores | saturates first, then | simulated: waiting, 99% / longest |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var rate in Rates)
        {
            var layout = Layout.For(rate, 1.5, costs, CoresOfMachine);
            var tiers = layout.Tiers(1.5, costs);
            var order = string.Join(", ", tiers.OrderBy(t => t.PerSecond).Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Name} at {t.PerSecond:N0}")));
            var simulated = Simulation.Run(rate, tiers, seconds: 600, seed: 8);
            var beyond = Simulation.Run(tiers.Min(t => t.PerSecond) * 1.1, tiers, seconds: 600, seed: 8);
            if (!simulated.IsFlat || beyond.IsFlat || beyond.Fullest != tiers.MinBy(t => t.PerSecond)!.Name)
                throw new InvalidOperationException($"the simulation contradicts the layout for {rate:N0}/s");
            text.Append(CultureInfo.InvariantCulture,
                $"| {rate:N0} | {layout.Collectors} | {layout.RedisNodes} | {layout.Lanes} | {layout.Workers} | {layout.Cells} | {order} | {simulated.P99:0.00} / {simulated.Longest:0.00} s |\n");
        }

        return text.ToString();
    }
}

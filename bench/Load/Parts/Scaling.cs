using System.Globalization;
using System.Text;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Load.Model;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Parts;

/// <summary>
/// Measures what each part costs over a ladder of rates, predicts two configurations that are not on it, measures them, and fails where a prediction
/// is off by more than a fifth. Then it says on paper, and by simulation, what a million events a second take.
/// </summary>
internal static class Scaling
{
    private const double Tolerance = 0.2;
    private const int CoresOfMachine = 8;
    private const double UsualKb = 1.5;
    private const int Rounds = 3;
    private const double SplitRate = 800;

    /// <summary>Until then the runtime compiles what the load calls, which a slow rate would pay for.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    private static readonly string[][] EachStage = [.. Coefficients.Stages.Append(Coefficients.Write).Select(stage => new[] { "--stages", stage })];

    /// <summary>Events a second that one core carries for ever; above them comes what goes through as fast as answers come back.</summary>
    private static readonly double[] SmallRates = [100, 300, 800, 1_600];

    private static readonly double[] LargeRates = [200];
    private static readonly double[] Rates = [10_000, 100_000, 1_000_000];

    public static async Task<string> RunAsync(Plan plan)
    {
        var costs = new Coefficients(
            await LadderAsync(plan, PayloadKind.Native, SmallRates), await LadderAsync(plan, PayloadKind.Large, LargeRates), await SplitAsync(plan));
        var text = new StringBuilder($"Everything but the clients on one core, one process a stage. Microseconds an event:\n\n| events/s | body | all | {string.Join(" | ", Coefficients.Parts)} |\n|---|---|---|{string.Concat(Coefficients.Parts.Select(_ => "---|"))}\n");
        foreach (var rung in costs.Small.Concat(costs.Large))
            Row(rung, "");
        Row(costs.Split, $" in {2 * Ours.Lanes} lanes");
        text.Append(CultureInfo.InvariantCulture, $"| loops on their own | | | {string.Join(" | ", Coefficients.Parts.Select(part => part == Coefficients.Web ? "" : $"{costs.Apart(part):0.00}"))} |\n");
        text.Append("\n| predicted, not measured before | model, an event | measured | off by |\n|---|---|---|---|\n");

        var wrong = new List<string>();
        await PredictAsync("bodies of 10 KB, 500/s, one worker process", PayloadKind.Medium, new(500, Ours.Lanes, Workers: 1, Collectors: 1));
        await PredictAsync("three lanes, two worker processes, 1.5 KB, 500/s", PayloadKind.Native, new(500, Lanes: 3, Workers: 2, Collectors: 1));
        text.Append(OnPaper(costs));
        await Console.Out.WriteLineAsync($"{text}");
        if (plan.Writes)
            WrittenPage.Write(Path.Combine(Places.Root, "docs", "scaling.md"), "<!-- model: written by ./dev bench model -->", $"{plan.Machine(rounds: false)}\n\n{text}", "<!-- /model -->");
        if (wrong.Count > 0)
        {
            await Console.Error.WriteLineAsync($"the model is off by more than {Tolerance:P0}: {string.Join("; ", wrong)}");
            Environment.ExitCode = 1;
        }

        return "The coefficients, the check of the model and what it says of large installations are in [docs/scaling.md](../docs/scaling.md).";

        void Row(Rung rung, string where) => text.Append(CultureInfo.InvariantCulture,
            $"| {rung.Rate:N0}{where} | {rung.Kb:0.0} KB | {rung.Cpu.Values.Sum():0} | {string.Join(" | ", Coefficients.Parts.Select(part => $"{rung.Cpu[part]:0}"))} |\n");

        async Task PredictAsync(string what, PayloadKind kind, Flow flow)
        {
            await using var load = await StartAsync(kind, [.. Enumerable.Repeat<string[]>([], flow.Workers)], flow.Lanes);
            await SettleAsync(plan, load, flow.Rate);
            var measured = await MeasureAsync(plan, load, kind, flow.Rate);
            var (here, predicted) = (measured.Cpu.Values.Sum(), costs.All(measured.Kb, flow with { Rate = measured.Rate }));
            var off = (predicted / here) - 1;
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {predicted:0} µs | {here:0} µs | {off * 100:+0;-0} % |\n");
            if (Math.Abs(off) > Tolerance)
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {predicted:0} µs predicted, {here:0} µs measured"));
        }
    }

    /// <summary>One size at each of the rates, and as fast as answers come back.</summary>
    private static async Task<IReadOnlyList<Rung>> LadderAsync(Plan plan, PayloadKind kind, double[] rates)
    {
        await using var load = await StartAsync(kind, EachStage, Ours.Lanes);
        await SettleAsync(plan, load, rates[^1]);
        var rungs = new List<Rung>();
        foreach (var rate in rates)
            rungs.Add(await MeasureAsync(plan, load, kind, rate));
        rungs.Add(await MeasureAsync(plan, load, kind, null));
        return rungs;
    }

    /// <summary>The same in twice the lanes: what it costs that more loops share a rate.</summary>
    private static async Task<Rung> SplitAsync(Plan plan)
    {
        await using var load = await StartAsync(PayloadKind.Native, EachStage, 2 * Ours.Lanes);
        await SettleAsync(plan, load, SplitRate);
        return await MeasureAsync(plan, load, PayloadKind.Native, SplitRate);
    }

    /// <summary>No project is over its share, so that a lane has one stream.</summary>
    private static Task<SteadyLoad> StartAsync(PayloadKind kind, string[][] workers, int lanes) => SteadyLoad.StartAsync(kind, new()
    {
        Workers = workers,
        Settings = new Dictionary<string, string> { ["Lanes"] = $"{lanes}", ["Collector:BulkEventsPerSecond"] = "0" },
    });

    /// <summary>The installation onto the first core, the clients onto the second, and both under load until nothing changes any more.</summary>
    private static async Task SettleAsync(Plan plan, SteadyLoad load, double rate)
    {
        await load.PartAsync();
        await load.CalibrateAsync(plan);
        await load.RunAsync(rate, Settling);
    }

    /// <summary>The middle one of some runs, until all of each is stored.</summary>
    private static async Task<Rung> MeasureAsync(Plan plan, SteadyLoad load, PayloadKind kind, double? rate)
    {
        var runs = new List<SteadyRun>();
        for (var round = 0; round < Rounds; round++)
            runs.Add(await load.RunAsync(rate, plan.Duration));
        var run = runs.OrderBy(r => r.Cpu.Values.Sum()).ElementAt(Rounds / 2);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"  {kind} at {run.PerSecond:N0}/s: {run.Waiting / run.PerSecond:0.00} s waiting, {run.Cpu.Values.Sum():0} µs ({string.Join(", ", run.Cpu.Select(c => $"{c.Key} {c.Value:0}"))})"));
        return new(run.PerSecond, load.Bytes / 1000.0, run.Cpu);
    }

    private static string OnPaper(Coefficients costs)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"\nMachines of {CoresOfMachine} cores, {UsualKb} KB an event, planned for {Layout.Utilization:P0} of what each part can take:\n\n| events/s | collectors | Redis nodes | lanes | worker machines | writers = cells = stores | saturates first, then | simulated: waiting, 99% / longest |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var rate in Rates)
        {
            var layout = Layout.For(rate, UsualKb, costs, CoresOfMachine);
            var tiers = layout.Tiers(UsualKb, costs);
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

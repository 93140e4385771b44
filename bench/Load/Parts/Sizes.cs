using System.Globalization;
using System.Text;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Parts;

/// <summary>The highest rate that goes on for ever: what waits between the 202 and the store does not grow.</summary>
internal static class Sizes
{
    private static readonly double[] Shares = [1, 0.9, 0.8, 0.7, 0.6, 0.5];

    public static async Task<string> RunAsync(Plan plan)
    {
        var text = new StringBuilder("| body | sustained/s | waiting meanwhile, of the events of a second | CPU per event | at most, drain included |\n|---|---|---|---|---|\n");
        foreach (var kind in new[] { PayloadKind.Native, PayloadKind.Large })
        {
            await using var load = await SteadyLoad.StartAsync(kind, new());
            var most = await load.CalibrateAsync(plan);
            foreach (var share in Shares)
            {
                var at = await load.RunAsync(most * share, TimeSpan.FromSeconds(Math.Max(15, 3 * plan.Seconds)));
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {kind} at {at.PerSecond:N0}/s: {at.Waiting / at.PerSecond:0.00} s waiting, {(at.IsFlat ? "flat" : "growing")}"));
                if (!at.IsFlat && share > Shares[^1])
                    continue;
                text.Append(CultureInfo.InvariantCulture,
                    $"| {load.Bytes / 1000.0:0.0} KB | {(at.IsFlat ? $"{at.PerSecond:N0}" : "not flat")} | {at.Waiting / at.PerSecond:0.00} | {at.Cpu.Values.Sum():0} µs ({string.Join(", ", at.Cpu.Select(c => $"{c.Key} {c.Value:0}"))}) | {most:N0} |\n");
                break;
            }
        }

        return text.ToString();
    }
}

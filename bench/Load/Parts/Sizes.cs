using System.Globalization;
using System.Text;
using ErrorPipeline.Load.Contenders;

namespace ErrorPipeline.Load.Parts;

/// <summary>The highest rate that goes on for ever: what waits between the 202 and the store does not grow.</summary>
internal static class Sizes
{
    public static async Task<string> RunAsync(Plan plan)
    {
        var text = new StringBuilder("| body | sustained/s | waiting meanwhile, of the events of a second | CPU per event | at most, drain included |\n|---|---|---|---|---|\n");
        foreach (var kind in new[] { PayloadKind.Native, PayloadKind.Large })
        {
            await using var load = await SteadyLoad.StartAsync(kind, new());
            var most = await load.CalibrateAsync(plan);
            var at = await load.SustainAsync(most, plan);
            text.Append(CultureInfo.InvariantCulture,
                $"| {load.Bytes / 1000.0:0.0} KB | {(at.IsFlat ? $"{at.PerSecond:N0}" : "not flat")} | {at.Waiting / at.PerSecond:0.00} | {at.Cpu.Values.Sum():0} µs ({string.Join(", ", at.Cpu.Select(c => $"{c.Key} {c.Value:0}"))}) | {most:N0} |\n");
        }

        return text.ToString();
    }
}

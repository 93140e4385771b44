using System.Globalization;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load;

/// <summary>Several settings, alternated A B A B over all rounds, so that what the machine does meanwhile meets them alike.</summary>
internal sealed class Comparison(Plan plan)
{
    /// <summary>Samples by setting, in the order of <paramref name="settings"/>.</summary>
    public async Task<IReadOnlyList<Measured>> RunAsync(IReadOnlyList<Setting> settings)
    {
        using var folder = new TempFolder();
        var files = settings.Select(s => s.Kind).Distinct().ToDictionary(kind => kind, kind => Path.Combine(folder.Path, $"{kind}"));
        var sizes = files.ToDictionary(f => f.Key, f => Payloads.Write(f.Key, f.Value));
        var samples = settings.ToDictionary(s => s, _ => new List<Sample>());
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var setting in settings)
            {
                var sample = await Round.RunAsync(setting, files[setting.Kind], plan.WarmUp, plan.Duration);
                samples[setting].Add(sample);
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"  round {round} of {plan.Rounds}: {setting.Name}: {sample.AnsweredPerSecond:N0} answered/s, {sample.ArrivedPerSecond:N0} arrived/s, {sample.CpuPerEvent.Values.Sum():0} µs CPU an event ({string.Join(", ", sample.CpuPerEvent.Select(c => $"{c.Key} {c.Value:0}"))})"));
            }
        }

        return [.. settings.Select(s => new Measured(s, sizes[s.Kind], samples[s]))];
    }
}

/// <param name="Bytes">Mean size of a body.</param>
internal sealed record Measured(Setting Setting, int Bytes, IReadOnlyList<Sample> Samples)
{
    public double Median(Func<Sample, double> of) => Statistics.Median(Samples.Select(of));

    /// <summary>"12,345 (11,000 to 13,000)".</summary>
    public string Spread(Func<Sample, double> of) => string.Create(
        CultureInfo.InvariantCulture, $"{Median(of):N0} ({Samples.Min(of):N0} to {Samples.Max(of):N0})");

    /// <summary>The median of the ratios of each round, so that a slow minute of the machine counts for both.</summary>
    public double Ratio(Measured other, Func<Sample, double> of) => Statistics.Median(Samples.Zip(other.Samples, (a, b) => of(a) / of(b)));

    public double Cpu => Median(s => s.CpuPerEvent.Values.Sum());
}

internal static class Statistics
{
    /// <param name="sorted">At least one.</param>
    public static double Share(IReadOnlyList<double> sorted, double share) => sorted[(int)Math.Ceiling(share * (sorted.Count - 1))];

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

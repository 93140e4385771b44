using System.Globalization;
using System.Text;

namespace ErrorPipeline.Load;

/// <summary>What a run measured, as Markdown.</summary>
internal static class Tables
{
    /// <summary>What each takes from the clients. CPU is held against <paramref name="ceiling"/>'s: that of the collectors alone, without Redis and web.</summary>
    public static string Accepting(IReadOnlyList<Measured> all, Measured seed, Measured ceiling)
    {
        var text = new StringBuilder("| contender | accepted/s | of the seed's | of Kestrel's | CPU per event | its own | of Kestrel's | answer, median / 99% |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var m in all)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {m.Setting.Name} | {m.Spread(s => s.AnsweredPerSecond)} | {m.Ratio(seed, s => s.AnsweredPerSecond):0.00} | {m.Ratio(ceiling, s => s.AnsweredPerSecond):0.00} | {m.Cpu:0} µs | {m.Median(Own):0} µs | {m.Ratio(ceiling, Own):0.00} | {m.Median(s => s.P50):0.0} / {m.Median(s => s.P99):0.0} ms |\n");
        }

        return text.ToString();

        static double Own(Sample sample) => sample.CpuPerEvent.Where(c => c.Key is not ("redis" or "web")).Sum(c => c.Value);
    }

    /// <param name="whose">Of what <paramref name="seed"/> is.</param>
    public static string EndToEnd(IReadOnlyList<Measured> all, Measured seed, string whose = "the seed's")
    {
        var text = new StringBuilder($"| contender | body | stored/s, drain included | of {whose} | CPU per event | peak memory |\n|---|---|---|---|---|---|\n");
        foreach (var m in all)
        {
            var ratio = m.Setting.Kind == seed.Setting.Kind ? m.Ratio(seed, s => s.ArrivedPerSecond).ToString("0.00", CultureInfo.InvariantCulture) : "";
            text.Append(CultureInfo.InvariantCulture,
                $"| {m.Setting.Name} | {m.Bytes / 1000.0:0.0} KB | {m.Spread(s => s.ArrivedPerSecond)} | {ratio} | {m.Cpu:0} µs | {m.Median(s => s.PeakBytes) / 1048576:0} MB |\n");
        }

        return text.ToString();
    }

    /// <summary>Where the CPU of one of them goes.</summary>
    public static string ByProcess(Measured measured)
    {
        var text = new StringBuilder("| process | CPU per event |\n|---|---|\n");
        foreach (var name in measured.Samples[0].CpuPerEvent.Keys)
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {measured.Median(s => s.CpuPerEvent[name]):0} µs |\n");
        return text.ToString();
    }

    public static string Redis(IReadOnlyList<(int Pipeline, double Lpush, double Xadd)> all)
    {
        var text = new StringBuilder("| commands in flight per connection | LPUSH/s | XADD/s |\n|---|---|---|\n");
        foreach (var (pipeline, lpush, xadd) in all)
            text.Append(CultureInfo.InvariantCulture, $"| {pipeline} | {lpush:N0} | {xadd:N0} |\n");
        return text.ToString();
    }
}

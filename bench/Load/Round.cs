using System.Diagnostics;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load;

/// <summary>One contender under one kind of load: started afresh, warmed up, loaded, waited for, checked, stopped.</summary>
internal sealed record Setting(string Name, PayloadKind Kind, Func<Contender> Make);

/// <param name="AnsweredPerSecond">Answers below 400 a second while the clients sent.</param>
/// <param name="ArrivedPerSecond">Events a second until the last of them was counted.</param>
/// <param name="CpuPerEvent">CPU microseconds of all processes, by name; the clients are not among them.</param>
/// <param name="PeakBytes">Most resident memory of each process, summed.</param>
/// <param name="P50">Milliseconds of an answer.</param>
/// <param name="P99">Milliseconds of an answer.</param>
internal sealed record Sample(
    double AnsweredPerSecond, double ArrivedPerSecond, IReadOnlyDictionary<string, double> CpuPerEvent, long PeakBytes, double P50, double P99);

internal static class Round
{
    private const int Connections = 64;

    /// <exception cref="InvalidOperationException">A request was refused, or what was counted is not what was answered.</exception>
    public static async Task<Sample> RunAsync(Setting setting, string file, TimeSpan warmUp, TimeSpan duration)
    {
        await using var contender = setting.Make();
        await contender.StartAsync();
        var warm = await SendAsync(contender, setting, file, warmUp);
        var before = (await Arrival.OfAsync(contender, warm.Answered, Connections, Stopwatch.StartNew())).Counted;

        var cpu = Cpu(contender);
        var clock = Stopwatch.StartNew();
        var sent = await SendAsync(contender, setting, file, duration);
        var (arrived, at) = await Arrival.OfAsync(contender, (before ?? 0) + sent.Answered, Connections, clock);
        var events = arrived - before ?? sent.Answered;
        var used = Cpu(contender).ToDictionary(c => c.Key, c => (c.Value - cpu.GetValueOrDefault(c.Key)) * 1e6 / events);
        var peak = contender.Processes.Sum(p => ProcessMeter.PeakBytes(p.Pid));
        if (await contender.VerifiedAsync() != arrived)
            throw new InvalidOperationException($"{setting.Name}: the store holds {await contender.VerifiedAsync()} events where {arrived} were counted");
        return new(sent.PerSecond, events / at.TotalSeconds, used, peak, sent.P50 / 1e3, sent.P99 / 1e3);
    }

    private static async Task<WrkResult> SendAsync(Contender contender, Setting setting, string file, TimeSpan duration)
    {
        var result = await Wrk.RunAsync(contender.Address(setting.Kind), setting.Kind, file, duration, Connections);
        return result.Refused + result.Broken == 0 ? result : throw new InvalidOperationException(
            $"{setting.Name}: of {result.Answered} requests {result.Refused} were refused and {result.Broken} broke\n{contender.Logs()}");
    }

    private static Dictionary<string, double> Cpu(Contender contender) =>
        contender.Processes.GroupBy(p => p.Name).ToDictionary(g => g.Key, g => g.Sum(p => ProcessMeter.CpuSeconds(p.Pid)));
}

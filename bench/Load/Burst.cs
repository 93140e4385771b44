using System.Diagnostics;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load;

/// <summary>What is sent at a stretch, waited for until all of it has arrived, and what it cost.</summary>
/// <param name="Arrived">Events that the contender has counted since it started; null where it keeps none.</param>
/// <param name="ArrivedPerSecond">Events a second until the last of them was counted.</param>
/// <param name="Cpu">CPU microseconds per event, by process; the clients are not among them.</param>
internal sealed record Burst(WrkResult Sent, long? Arrived, double ArrivedPerSecond, IReadOnlyDictionary<string, double> Cpu)
{
    public const int Connections = 64;

    /// <param name="contender">Has counted all that came before.</param>
    /// <param name="before">How many those are; null where it keeps none.</param>
    /// <param name="send">With as many connections as <see cref="Connections"/>.</param>
    /// <exception cref="InvalidOperationException">A request was refused, or what was counted is not what was answered.</exception>
    public static async Task<Burst> RunAsync(Contender contender, long? before, Func<Task<WrkResult>> send)
    {
        var cpu = CpuOf(contender);
        var clock = Stopwatch.StartNew();
        var sent = await send();
        if (sent.Refused + sent.Broken > 0)
            throw new InvalidOperationException($"of {sent.Answered} requests {sent.Refused} were refused and {sent.Broken} broke\n{contender.Logs()}");
        var (arrived, at) = await Arrival.OfAsync(contender, (before ?? 0) + sent.Answered, Connections, clock);
        var events = arrived - before ?? sent.Answered;
        var used = CpuOf(contender).ToDictionary(c => c.Key, c => (c.Value - cpu.GetValueOrDefault(c.Key)) * 1e6 / events);
        return new(sent, arrived, events / at.TotalSeconds, used);
    }

    private static Dictionary<string, double> CpuOf(Contender contender) =>
        contender.Processes.GroupBy(p => p.Name).ToDictionary(g => g.Key, g => g.Sum(p => ProcessMeter.CpuSeconds(p.Pid)));
}

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
    /// <exception cref="InvalidOperationException">A request was refused, or what was counted is not what was answered.</exception>
    public static async Task<Sample> RunAsync(Setting setting, string file, TimeSpan warmUp, TimeSpan duration)
    {
        await using var contender = setting.Make();
        await contender.StartAsync();
        try
        {
            var warm = await SendAsync(0, warmUp);
            var burst = await SendAsync(warm.Arrived, duration);
            var peak = contender.Processes.Sum(p => ProcessMeter.PeakBytes(p.Pid));
            if (await contender.VerifiedAsync() is var verified && verified != burst.Arrived)
                throw new InvalidOperationException($"the store holds {verified} events where {burst.Arrived} were counted");
            return new(burst.Sent.PerSecond, burst.ArrivedPerSecond, burst.Cpu, peak, burst.Sent.P50 / 1e3, burst.Sent.P99 / 1e3);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{setting.Name}: {e.Message}", e);
        }

        Task<Burst> SendAsync(long? before, TimeSpan time) => Burst.RunAsync(
            contender, before, () => Wrk.RunAsync(contender.Address(setting.Kind), setting.Kind, file, time, Burst.Connections));
    }
}

using System.Globalization;
using System.Text;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Load.Parts;

/// <summary>Resident memory at rest, and at full load with one generation of remembered event ids full from the start.</summary>
internal static class Memory
{
    private const double Share = 0.9;

    public static async Task<string> RunAsync(Plan plan)
    {
        await using var load = await SteadyLoad.StartAsync(PayloadKind.Native, new() { Redis = new() { MaxMemory = "512mb" } });
        await Task.Delay(TimeSpan.FromSeconds(15));
        var idle = Resident(load.Ours);
        await FillSeenAsync(load.Ours.Installation.Redis.Endpoint);
        var rate = await load.CalibrateAsync(plan) * Share;
        var run = await load.RunAsync(rate, TimeSpan.FromMinutes(plan.Minutes));
        var full = Resident(load.Ours);
        var remembered = await RememberedAsync(load.Ours.Installation.Redis.Endpoint);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"At rest, and after {plan.Minutes} min of {run.PerSecond:N0} events/s of 1.5 KB while {remembered:N0} event ids are remembered.\n\n| process | at rest | under load | at most |\n|---|---|---|---|\n");
        foreach (var (name, bytes, peak) in full)
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {idle.Single(i => i.Name == name).Bytes / 1048576} MB | {bytes / 1048576} MB | {peak / 1048576} MB |\n");
        return text.Append(CultureInfo.InvariantCulture, $"| all | {idle.Sum(i => i.Bytes) / 1048576} MB | {full.Sum(f => f.Bytes) / 1048576} MB | {full.Sum(f => f.Peak) / 1048576} MB |\n").ToString();
    }

    private static List<(string Name, long Bytes, long Peak)> Resident(Ours ours) =>
        [.. ours.Processes.Select(p => (p.Name, ProcessMeter.ResidentBytes(p.Pid), ProcessMeter.PeakBytes(p.Pid)))];

    /// <summary>One generation of every lane, made up; the other fills under load.</summary>
    private static async Task FillSeenAsync(string endpoint)
    {
        await using var redis = new RedisConnection(endpoint, "load");
        var hops = new LaneHop(redis, SeenLimits.Default);
        foreach (var lane in Lane.All(Ours.Lanes))
        {
            foreach (var numbers in Enumerable.Range(0, (int)SeenLimits.Default.Budget).Chunk(5000))
            {
                var answer = await hops.HopAsync(lane, new()
                {
                    Input = lane.Raw,
                    Consumer = "load",
                    Inputs = [],
                    Output = lane.Unique,
                    Remember = [.. numbers.Select(n => EventIdentity.Of(0, $"{lane} {n}"))],
                });
                if (answer.Status != HopStatus.Moved)
                    throw new InvalidOperationException($"{lane} did not remember what it was told: {answer.Status}");
            }
        }
    }

    private static async Task<long> RememberedAsync(string endpoint)
    {
        await using var redis = new RedisConnection(endpoint, "load");
        var lanes = await Task.WhenAll(Lane.All(Ours.Lanes).Select(new LaneLedger(redis).ReadAsync));
        return lanes.Sum(lane => lane.SeenEvents);
    }
}

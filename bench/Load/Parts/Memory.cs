using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Load.Parts;

/// <summary>Resident memory at rest, and at full load with as many event ids remembered as a lane ever remembers.</summary>
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
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"At rest, and after {plan.Minutes} min of {run.PerSecond:N0} events/s of 1.5 KB while {2 * SeenLimits.Default.Budget:N0} event ids are remembered.\n\n| process | at rest | under load | at most |\n|---|---|---|---|\n");
        foreach (var (name, bytes, peak) in full)
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {idle.Single(i => i.Name == name).Bytes / 1048576} MB | {bytes / 1048576} MB | {peak / 1048576} MB |\n");
        return text.Append(CultureInfo.InvariantCulture, $"| all | {idle.Sum(i => i.Bytes) / 1048576} MB | {full.Sum(f => f.Bytes) / 1048576} MB | {full.Sum(f => f.Peak) / 1048576} MB |\n").ToString();
    }

    private static List<(string Name, long Bytes, long Peak)> Resident(Ours ours) =>
        [.. ours.Processes.Select(p => (p.Name, ProcessMeter.ResidentBytes(p.Pid), ProcessMeter.PeakBytes(p.Pid)))];

    /// <summary>The ring of every lane with as many ids as its budget allows, made up.</summary>
    private static async Task FillSeenAsync(string endpoint)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(endpoint);
        var database = redis.GetDatabase();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var lane in Lane.All(Ours.Lanes))
        {
            for (var set = 0; set < 4; set++)
            {
                for (var left = SeenLimits.Default.Budget / 4; left > 0; left -= 5000)
                    await database.SetAddAsync(lane.Key($"seen:{set}"), [.. Enumerable.Range(0, 5000).Select(_ => (RedisValue)RandomNumberGenerator.GetBytes(16))]);
                await database.HashSetAsync(lane.Key("seen"), [new("head", set), new($"since{set}", now)]);
            }
        }
    }
}

using System.Globalization;
using System.Text;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Parts;

/// <summary>What everything takes while nothing happens.</summary>
internal static class Idle
{
    /// <summary>For minutes after a start four fifths of the time are the runtime's, which compiles anew what is called often.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    public static async Task<string> RunAsync(Plan plan)
    {
        await using var all = await Installation.StartAsync();
        await Task.Delay(Settling);
        var duration = TimeSpan.FromSeconds(Math.Max(120, 4 * plan.Seconds));
        var before = Used(all);
        await Task.Delay(duration);
        var after = Used(all);
        var text = new StringBuilder("| process | of a core | resident |\n|---|---|---|\n");
        foreach (var (name, pid, cpu) in after)
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Share(name):0.00} % | {ProcessMeter.ResidentBytes(pid) / 1048576} MB |\n");
        return text.Append(CultureInfo.InvariantCulture,
            $"| all | {after.Sum(a => Share(a.Name)):0.00} % | {after.Sum(a => ProcessMeter.ResidentBytes(a.Pid)) / 1048576} MB |\n").ToString();

        double Share(string name) => (after.Single(a => a.Name == name).Cpu - before.Single(b => b.Name == name).Cpu) / duration.TotalSeconds * 100;
    }

    private static List<(string Name, int Pid, double Cpu)> Used(Installation all) =>
        [.. all.Apps.Select(a => (a.App, a.Pid)).Append(("redis", all.Redis.Pid)).Select(p => (p.Item1, p.Item2, ProcessMeter.CpuSeconds(p.Item2)))];
}

using System.Globalization;
using System.Text;
using ErrorPipeline.Load.Contenders;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Load.Parts;

/// <summary>What an event costs when there is ten times as much of everything.</summary>
internal static class Growth
{
    public static async Task<string> RunAsync(Plan plan)
    {
        var text = new StringBuilder("| | CPU per event | stored/s | cost grows by |\n|---|---|---|---|\n");
        await using (var load = await SteadyLoad.StartAsync(PayloadKind.Native, new()))
        {
            await load.CalibrateAsync(plan);
            var few = await MedianAsync(load, plan);
            await FillAsync(10_000);
            var some = await MedianAsync(load, plan);
            var stored = await load.Ours.CountedAsync() ?? 0;
            await FillAsync(100_000);
            var many = await MedianAsync(load, plan);
            var last = await load.Ours.CountedAsync() ?? 0;
            Row("the issues of the load alone", few, null);
            Row(string.Create(CultureInfo.InvariantCulture, $"10,000 issues and more, {stored:N0} events stored"), some, few);
            Row(string.Create(CultureInfo.InvariantCulture, $"100,000 issues and more, {last:N0} events stored"), many, some);

            async Task FillAsync(long issues)
            {
                await using var news = load.Beside(newShare: 1);
                while (Sqlite.Number(load.Ours.ErrorsFile, "SELECT COUNT(*) FROM issues") < issues)
                    await news.RunAsync(null, TimeSpan.FromSeconds(10));
            }
        }

        await using (var load = await SteadyLoad.StartAsync(PayloadKind.Native, new()))
        {
            await load.CalibrateAsync(plan);
            load.Paths = await ProjectsAsync(load.Ours, 10);
            var ten = await MedianAsync(load, plan);
            load.Paths = await ProjectsAsync(load.Ours, 100);
            Row("10 projects", ten, null);
            Row("100 projects", await MedianAsync(load, plan), ten);
        }

        return text.ToString();

        void Row(string what, SteadyRun run, SteadyRun? than) => text.Append(
            CultureInfo.InvariantCulture, $"| {what} | {run.Cpu.Values.Sum():0} µs | {run.ArrivedPerSecond:N0} | {(than is null ? "" : $"{((run.Cpu.Values.Sum() / than.Cpu.Values.Sum()) - 1) * 100:+0;-0} %")} |\n");
    }

    /// <summary>Where to post for so many projects, once the collector knows them.</summary>
    private static async Task<IReadOnlyList<string>> ProjectsAsync(Ours ours, int count)
    {
        await using var config = new SqliteConfigStore(Path.Combine(ours.Installation.DataFolder, "config.db"));
        var projects = await config.ListProjectsAsync(CancellationToken.None);
        for (var n = projects.Count; n < count; n++)
            await config.CreateProjectAsync($"Site {n}", TimeProvider.System.GetUtcNow(), CancellationToken.None);
        projects = await config.ListProjectsAsync(CancellationToken.None);
        foreach (var project in projects)
        {
            using var sender = new EventSender(ours.Installation.Collector.Url, project.Keys[0].Key);
            await Deadline.Until(async () => await sender.PostAsync("[]") != 401, TimeSpan.FromSeconds(60), ours.Logs, "the collector knows the key");
        }

        return [.. projects.Select(p => $"/api/{p.Keys[0].Key}/events")];
    }

    private static async Task<SteadyRun> MedianAsync(SteadyLoad load, Plan plan)
    {
        var runs = new List<SteadyRun>();
        for (var round = 0; round < 3; round++)
            runs.Add(await load.RunAsync(null, plan.Duration));
        return runs.OrderBy(r => r.Cpu.Values.Sum()).ElementAt(1);
    }
}

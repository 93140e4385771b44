using ErrorPipeline.Rigs;

namespace ErrorPipeline.Clients;

/// <summary>Clients that wait when they are told to, against a collector that tells them.</summary>
internal sealed class RateLimitTests
{
    private const int PerMinute = 6;

    private static readonly string[] Waiting = ["sentry5", "sentry7", "sentry11", "airbrake"];

    [Test, CancelAfter(180_000)]
    public async Task Client_ToldToBackOff_WaitsAndIsCountedOnceWhenItResumes()
    {
        await using var all = await Installation.StartAsync(new() { Settings = new Dictionary<string, string> { ["Collector:EventsPerMinutePerKey"] = "6" } });
        using var dashboard = await Dashboard.SignInAsync(all);
        await using var wire = await Wire.StartAsync(all.Collector.Url);
        var projects = await dashboard.MakeProjectsAsync(Waiting);
        // Asking whether a key is known takes from its minute too.
        await Task.WhenAll(Waiting.Zip(projects).Select(pair => WaitsAsync(pair.First, pair.Second, wire)));

        await dashboard.SettledAsync();
        foreach (var (client, project) in Waiting.Zip(projects))
        {
            var taken = Events(wire, client).Count(r => r.Status < 300);
            taken.Should().BeInRange(3, PerMinute + 2);
            (await dashboard.SeenAsync(project.Id)).Sum(seen => seen.Issue.Count).Should().Be(taken, $"{client} is counted once for each event that was taken");
        }
    }

    private static async Task WaitsAsync(string client, ClientProject project, Wire wire)
    {
        await using var shop = await Shop.OpenAsync(client, project.Key, "", ["limit"], c => $"{wire.Url}/{client}/{c}");
        var page = await World.Chromium.Browser.NewPageAsync();
        await page.GotoAsync($"{shop.Url}/limit");
        await page.WaitForFunctionAsync("globalThis.isDone", null, new() { Timeout = 60_000 });
        var n = 0;
        while (Events(wire, client).All(r => r.Status < 300))
        {
            var before = Events(wire, client).Count();
            n.Should().BeLessThan(10, $"{client} sends more than the collector takes");
            await page.EvaluateAsync($"order({n++})");
            await Deadline.Until(() => Events(wire, client).Count() > before, TimeSpan.FromSeconds(20), what: $"{client} sends");
        }

        // Heard, and told two errors more at once: ten seconds are to pass first.
        var sent = Events(wire, client).Count();
        await page.WaitForTimeoutAsync(500);
        await page.EvaluateAsync($"order({n++}); order({n++})");
        await page.WaitForTimeoutAsync(1500);
        Events(wire, client).Should().HaveCount(sent, $"{client} sends nothing more once it was told to wait");
        await Deadline.Until(
            async () =>
            {
                await page.EvaluateAsync($"order({n++})");
                await page.WaitForTimeoutAsync(1000);
                return Events(wire, client).Skip(sent).Any(r => r.Status < 300);
            },
            TimeSpan.FromSeconds(30),
            what: $"{client} sends again");
        await Deadline.Until(() => wire.IsIdle(client, "limit"), TimeSpan.FromSeconds(10));
        await page.Context.CloseAsync();
    }

    private static IEnumerable<WireRequest> Events(Wire wire, string client) => wire.Of(client, "limit").Where(RealClients.All.Single(c => c.Name == client).IsEvent);
}

using System.Diagnostics;
using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.Clients;

/// <summary>Clients that wait when they are told to, against a collector that tells them. Every one is counted once for each event that was taken.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class RateLimitTests
{
    private const int PerMinute = 6;

    /// <summary>They drop what they are told while they wait.</summary>
    private static readonly string[] Dropping = ["sentry5", "sentry7", "sentry11", "airbrake"];

    /// <summary>They keep it, some not for long, and send it again.</summary>
    private static readonly string[] Keeping = ["ours", "datadog-rum", "datadog-logs", "otel-json"];

    [Test, CancelAfter(240_000)]
    public async Task Client_ToldToBackOff_WaitsAndIsCountedOnceWhenItResumes()
    {
        await using var all = await Installation.StartAsync(new() { Settings = new Dictionary<string, string> { ["Collector:EventsPerMinutePerKey"] = $"{PerMinute}" } });
        using var dashboard = await Dashboard.SignInAsync(all);
        await using var wire = await Wire.StartAsync(all.Collector.Url);
        string[] clients = [.. Dropping, .. Keeping];
        // Asking whether a key is known takes from its minute too.
        var projects = await dashboard.MakeProjectsAsync(clients);
        await Task.WhenAll(clients.Zip(projects).Select(pair => Dropping.Contains(pair.First) ? DropsAsync(pair.First, pair.Second, wire) : KeepsAsync(pair.First, pair.Second, wire)));

        await dashboard.SettledAsync();
        foreach (var (client, project) in clients.Zip(projects))
        {
            var taken = new Told(Known(client), "limit", [.. Events(wire, client).Where(r => r.Status < 300)]).Events;
            taken.Should().BePositive();
            (await dashboard.SeenAsync(project.Id)).Sum(seen => seen.Issue.Count).Should().Be(taken, $"{client} is counted once for each event that was taken");
            (await dashboard.OutcomeAsync(project.Id, "rate_limited")).Should().BePositive($"{client} was refused");
        }
    }

    private static async Task DropsAsync(string client, ClientProject project, Wire wire)
    {
        await using var shop = await OpenAsync(client, project, wire);
        var page = await GotoAsync(shop);
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
        await LeaveAsync(page, client, wire);
    }

    private static async Task KeepsAsync(string client, ClientProject project, Wire wire)
    {
        await using var shop = await OpenAsync(client, project, wire);
        // Datadog collects for half a minute: its clock is wound on.
        var isSlow = client.StartsWith("datadog", StringComparison.Ordinal);
        var page = await GotoAsync(shop, isSlow);
        var n = 0;
        for (; Events(wire, client).All(r => r.Status < 300); n++)
        {
            n.Should().BeLessThan(60, $"{client} sends more than the collector takes");
            await page.EvaluateAsync($"order({n})");
            await PassAsync(31_000);
        }

        var waited = Stopwatch.StartNew();
        await Deadline.Until(
            async () =>
            {
                // It waits ten seconds at most, and then gives up what it has.
                if (client == "otel-json")
                    await page.EvaluateAsync($"order({n++})");
                await PassAsync(2_000);
                return Events(wire, client).SkipWhile(r => r.Status < 300).Any(r => r.Status < 300);
            },
            TimeSpan.FromSeconds(90),
            what: $"{client} sends again");
        if (!isSlow)
            Events(wire, client).Count(r => r.Status == 429).Should().BeLessThan(5 + (int)waited.Elapsed.TotalSeconds, $"{client} tries less than once a second in {waited.Elapsed}, not one after the other");
        await LeaveAsync(page, client, wire);

        async Task PassAsync(int milliseconds)
        {
            if (isSlow)
                await page.Clock.FastForwardAsync(milliseconds);
            await page.WaitForTimeoutAsync(300);
        }
    }

    private static Task<WebSite> OpenAsync(string client, ClientProject project, Wire wire) =>
        Shop.OpenAsync(client, project.Key, "", ["limit"], c => $"{wire.Url}/{client}/{c}");

    private static async Task<IPage> GotoAsync(WebSite shop, bool isWound = false)
    {
        var page = await World.Chromium.Browser.NewPageAsync();
        if (isWound)
            await page.Clock.InstallAsync();
        await page.GotoAsync($"{shop.Url}/limit");
        await page.WaitForFunctionAsync("globalThis.isDone", null, new() { Timeout = 60_000 });
        return page;
    }

    private static async Task LeaveAsync(IPage page, string client, Wire wire)
    {
        await page.GotoAsync("about:blank");
        await Deadline.Until(() => wire.IsIdle(client, "limit"), TimeSpan.FromSeconds(10));
        await page.Context.CloseAsync();
    }

    private static Client Known(string client) => RealClients.All.Single(c => c.Name == client);

    private static IEnumerable<WireRequest> Events(Wire wire, string client) => wire.Of(client, "limit").Where(Known(client).IsEvent);
}

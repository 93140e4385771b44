using ErrorPipeline.Rigs;

namespace ErrorPipeline.Clients;

/// <summary>One bundle with all clients in it, on sites of one project.</summary>
internal sealed class TogetherTests
{
    /// <summary>Clients that can live on one page; versions of one client share their globals, and TrackJS puts errors of its own making in the place of the site's.</summary>
    private static readonly string[] Neighbours = ["ours", "sentry11", "bugsnag", "rollbar", "airbrake", "honeybadger", "raygun", "datadog-rum", "elastic", "otel-json"];

    /// <summary>Version 3 of Elastic's intake has no type of an exception that a site tells, so what is left is another error.</summary>
    private static readonly (string Case, string[] Without)[] Same = [("uncaught", []), ("rejected-error", []), ("handled", ["elastic-v3"])];

    [Test, CancelAfter(300_000)]
    public async Task SameErrorInTheSameBundle_ToldByEachClient_IsOneIssue()
    {
        var project = (await World.Dashboard.MakeProjectsAsync(["All clients"]))[0];
        using var room = new SemaphoreSlim(6);
        await Task.WhenAll(RealClients.All.Select(async client =>
        {
            var cases = Same.Where(s => !s.Without.Contains(client.Name)).Select(s => s.Case).ToList();
            var alone = client.Name + "-of-all";
            await using var shop = await Shop.OpenAsync("all", project.Key, "", cases, c => $"{World.Wire.Url}/{alone}/{c}", [client.Name]);
            await room.WaitAsync();
            var page = await World.Chromium.Browser.NewPageAsync();
            foreach (var @case in cases)
                await Visit.MakeAsync(page, shop, alone, @case, () => client.Collects || World.Wire.Of(alone, @case).Any(client.IsEvent));
            await page.Context.CloseAsync();
            room.Release();
        }));

        await World.Dashboard.SettledAsync();
        var seen = await World.Dashboard.SeenAsync(project.Id);
        seen.Should().HaveCount(Same.Length, string.Join('\n', seen.Select(s => $"{s.Issue.Count} {s.Issue.Title}: {string.Join(" | ", s.Grouping.Tokens)}")));
        foreach (var (name, without) in Same)
        {
            var @case = Cases.All.Single(c => c.Name == name);
            seen.Single(s => Cell.IsOf(s, @case)).Issue.Count.Should().Be(RealClients.All.Count - without.Length, name);
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task SameErrorOnOnePage_ToldByTenClients_IsOneIssue()
    {
        var project = (await World.Dashboard.MakeProjectsAsync(["Neighbours"]))[0];
        await using var shop = await Shop.OpenAsync("all", project.Key, "", ["uncaught"], c => $"{World.Wire.Url}/neighbours/{c}", Neighbours);
        var page = await World.Chromium.Browser.NewPageAsync();
        var clients = RealClients.All.Where(c => Neighbours.Contains(c.Name) && !c.Collects).ToList();
        await Visit.MakeAsync(page, shop, "neighbours", "uncaught", () => clients.TrueForAll(client => World.Wire.Of("neighbours", "uncaught").Any(client.IsEvent)));
        await page.Context.CloseAsync();

        await World.Dashboard.SettledAsync();
        var seen = await World.Dashboard.SeenAsync(project.Id);
        seen.Should().ContainSingle(string.Join('\n', seen.Select(s => $"{s.Issue.Count} {s.Issue.Title}: {string.Join(" | ", s.Grouping.Tokens)}")))
            .Which.Issue.Count.Should().Be(Neighbours.Length);
    }
}

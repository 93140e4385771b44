using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ErrorPipeline.Web.Tests;

/// <summary>Draws every page into the folder that SCREENSHOTS names: for people to look at.</summary>
[Explicit("for people")]
public class ScreenshotTests
{
    [Test]
    public async Task Pages_AreDrawn()
    {
        var folder = Environment.GetEnvironmentVariable("SCREENSHOTS") ?? TestContext.CurrentContext.WorkDirectory;
        await using var rig = await DashboardRig.StartAsync();
        var shop = await rig.Config.CreateProjectAsync("Shop", DateTimeOffset.UnixEpoch.AddYears(56), CancellationToken.None);
        await rig.Config.AddKeyAsync(shop.Id, DateTimeOffset.UnixEpoch.AddYears(56).AddDays(100), CancellationToken.None);
        await rig.App.Services.GetRequiredService<IArtifactStore>().PutAsync(
            [new(shop.Id, "1.4.2", "~/js/checkout.3f2a1b9c.js.map", ArtifactKind.Map, new byte[300_000])], TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await rig.Config.SetPolicyAsync(
            shop.Id,
            new()
            {
                Rules = "# what the payment widget throws is one issue a plan\nmessage:*toFixed* -> fingerprint payment-widget {{ tag.plan }}, title \"Payment widget\"\nmessage:\"ResizeObserver loop*\" -> ignore\n",
                Filters = new() { On = ["extension", "web_view", "legacy_browser"], Messages = ["ResizeObserver loop *"] },
                Privacy = new() { Keys = ["customerNumber"], Patterns = ["CUST-[0-9]{6}"] },
            },
            CancellationToken.None);
        var minute = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
        var changes = await rig.ApplyAsync(new DeltaBatch
        {
            Issues = [.. Some.Shop(shop.Id).Select((delta, n) => delta with
            {
                Clients = [new(n % 3 == 0 ? "sentry" : "native", delta.Count, delta.LastReceived)],
                EventIds = ShortIds.Pack(delta.Samples.Select(s => EventIdentity.Of(shop.Id, s.EventId).Short)),
            })],
            Outcomes = [.. Enumerable.Range(0, 55).SelectMany(m => new OutcomeCount[]
            {
                new(shop.Id, minute - m, "accepted", 40 + (m * 17 % 60)), new(shop.Id, minute - m, "stored", 36 + (m * 17 % 60)), new(shop.Id, minute - m, "duplicate", m % 7),
                new(shop.Id, minute - m, "filtered:extension", m * 5 % 11), new(shop.Id, minute - m, "suppressed", m % 13 == 0 ? 40 : 0), new(shop.Id, minute - m, "rejected:too_large", m % 17 == 0 ? 2 : 0),
            })],
        });
        var merged = $"/issues/{shop.Id}/{changes[2].IssueId}";
        using (var visitor = await rig.VisitSignedInAsync())
        {
            using var merging = await MergeTests.WhileApplyingAsync(rig, visitor.PostAsync(merged, merged + "/merge", ("with", $"{changes[3].IssueId}")));
            using var resolving = await MergeTests.WhileApplyingAsync(rig, visitor.PostAsync(merged, merged + "/resolve", ("release", "shop-4.18.3")));
            await rig.ApplyAsync(Some.Delta(shop.Id, "c3", "Error", "payment could not be prepared", count: 14, at: TimeProvider.System.GetUtcNow().AddMinutes(1)) is var late
                ? late with { Releases = [new("shop-4.18.2", 14, late.LastReceived, late.LastReceived)] } : null!);
        }

        await SomePipeline.FillAsync(rig.App.Services.GetRequiredService<RedisConnection>());
        var known = Some.Shop(shop.Id).SelectMany(d => d.Samples).First().EventId;
        await using var chromium = await Chromium.LaunchAsync();
        foreach (var (look, scheme, width) in new[] { ("light", ColorScheme.Light, 1280), ("dark", ColorScheme.Dark, 1280), ("phone", ColorScheme.Light, 390) })
        {
            await using var context = await chromium.Browser.NewContextAsync(new()
            {
                BaseURL = rig.Url.ToString(),
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = 900 },
            });
            var page = await context.NewPageAsync();
            async Task Draw(string path, string name)
            {
                await page.GotoAsync(path);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{look}.png"), FullPage = true });
            }

            await Draw("/sign-in", "sign-in");
            await page.FillAsync("[name=Email]", DashboardRig.Email);
            await page.FillAsync("[name=Password]", DashboardRig.Password);
            await page.ClickAsync("button.main");
            await Draw("/issues", "issues");
            await Draw($"/issues/{shop.Id}/{changes[0].IssueId}", "issue");
            await Draw(merged, "issue-merged");
            await Draw($"/issues/{shop.Id}/{changes[0].IssueId}/merge", "merge");
            await Draw($"/issues/{shop.Id}/{changes[0].IssueId}/merge?with={changes[1].IssueId}", "merge-preview");
            await Draw($"/projects/{shop.Id}/releases", "releases");
            await SomePipeline.BeatAsync(rig.App.Services.GetRequiredService<RedisConnection>());
            await Draw("/pipeline", "pipeline");
            await Draw("/pipeline/dead", "dead-letters");
            await Draw($"/receipts?event={known}", "receipt");
            await Draw("/projects", "projects");
            await Draw($"/projects/{shop.Id}", "project");
            await Draw($"/projects/{shop.Id}/setup", "setup");
            await Draw($"/projects/{shop.Id}/setup/snippet", "setup-snippet");
            await Draw($"/projects/{shop.Id}/setup/sentry", "setup-sentry");
            await Draw($"/projects/{shop.Id}/setup/opentelemetry?after=0", "setup-opentelemetry");
            await Draw($"/projects/{shop.Id}/setup/browser", "setup-browser");
            await Draw($"/projects/{shop.Id}/filters", "filters");
            await Draw($"/projects/{shop.Id}/rules", "rules");
            await Draw($"/projects/{shop.Id}/privacy", "privacy");
            await Draw($"/projects/{shop.Id}/source-maps", "source-maps");
            await Draw("/demo", "demo");
            await Draw("/account", "account");
            await Draw("/issues?state=resolved", "empty");
            await Draw("/nothing", "missing");
        }
    }
}

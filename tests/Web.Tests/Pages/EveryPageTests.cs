using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.Web.Tests.Pages;

/// <summary>What holds for every page that there is, in a real browser.</summary>
internal sealed class EveryPageTests
{
    private LivedIn _lived = null!;
    private Chromium _chromium = null!;
    private IReadOnlyList<string> _pages = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _lived = await LivedIn.StartAsync();
        _pages = await AllPages.OfAsync(_lived);
        _chromium = await Chromium.LaunchAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_lived is not null)
            await _lived.DisposeAsync();
    }

    [Test]
    public void Pages_FromTheRoutingTable_AreMany() => _pages.Should().HaveCountGreaterThan(25).And.Contain("/").And.Contain("/design").And.Contain($"/issues/{_lived.Shop}/{_lived.Issues[0]}");

    [Test, CancelAfter(400_000)]
    public async Task Pages_ReadByEverybody_BreakNoRuleOfAxeInLightNorDark()
    {
        await using var reader = await Reader.SignInAsync(_chromium, _lived.Rig, new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
        // What depends on colours is all that can differ in the dark.
        var colours = new AxeRunOptions { RunOnly = new() { Type = "rule", Values = ["color-contrast", "link-in-text-block"] } };
        var broken = new List<string>();
        foreach (var path in _pages)
        {
            await reader.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await reader.Page.GotoAsync(path);
            broken.AddRange(Told(path, "light", await reader.Page.RunAxe()));
            await reader.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            broken.AddRange(Told(path, "dark", await reader.Page.RunAxe(colours)));
        }

        broken.Should().BeEmpty();
    }

    [Test, CancelAfter(120_000)]
    public async Task Pages_OnAPhone_FitIt()
    {
        await using var reader = await Reader.SignInAsync(_chromium, _lived.Rig, new() { ViewportSize = new() { Width = 360, Height = 740 }, HasTouch = true, IsMobile = true });
        var wide = new List<string>();
        foreach (var path in _pages)
        {
            await reader.Page.GotoAsync(path);
            var beyond = await reader.Page.EvaluateAsync<string>(
                """
                () => {
                  const screen = document.documentElement.clientWidth;
                  if (document.documentElement.scrollWidth <= screen) return "";
                  return [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > screen).slice(0, 4).map((e) => e.outerHTML.slice(0, 90)).join(" | ");
                }
                """);
            if (beyond.Length > 0)
                wide.Add($"{path}: {beyond}");
        }

        wide.Should().BeEmpty();
    }

    [Test, CancelAfter(180_000)]
    public async Task Pages_WhileTheyLoad_DoNotMoveAndAskNobodyElse()
    {
        await using var reader = await Reader.SignInAsync(_chromium, _lived.Rig, new() { Locale = "de-DE", TimezoneId = "Asia/Tokyo" });
        var trouble = new List<string>();
        reader.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_lived.Rig.Url.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.Contains("/agent.js", StringComparison.Ordinal))
                trouble.Add($"{reader.Page.Url} asked {request.Url}");
        };
        reader.Page.PageError += (_, error) => trouble.Add($"{reader.Page.Url}: {error}");
        foreach (var path in _pages)
        {
            await reader.Page.GotoAsync(path);
            var moved = await reader.Page.EvaluateAsync<JsonElement>(
                """
                () => new Promise((tell) => {
                  const moved = [];
                  new PerformanceObserver((list) => {
                    // Below that it is a fraction of a pixel of a small part.
                    for (const shift of list.getEntries()) if (shift.value >= 0.0005) moved.push(shift.value + " " + shift.sources.map((s) => s.node?.outerHTML?.slice(0, 120)).join(" | "));
                  }).observe({ type: "layout-shift", buffered: true });
                  setTimeout(() => tell(moved), 150);
                })
                """);
            trouble.AddRange(moved.EnumerateArray().Select(shift => $"{path} moved: {shift.GetString()}"));
        }

        trouble.Should().BeEmpty();
    }

    [Test]
    public async Task Times_OfAReaderElsewhere_AreInTheirZoneAndLanguage()
    {
        await using var reader = await Reader.SignInAsync(_chromium, _lived.Rig, new() { Locale = "de-DE", TimezoneId = "Asia/Tokyo" });
        await reader.Page.GotoAsync($"/issues/{_lived.Shop}/{_lived.Issues[0]}");
        var time = reader.Page.Locator("dl.facts time").First;
        (await time.GetAttributeAsync("title")).Should().MatchRegex("GMT\\+9|JST|MESZ|UTC\\+9").And.NotContain("UTC'");
        (await time.TextContentAsync()).Should().Contain("ago");
    }

    private static IEnumerable<string> Told(string path, string scheme, AxeResult result) => result.Violations.Select(v =>
        $"{path} ({scheme}): {v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}");
}

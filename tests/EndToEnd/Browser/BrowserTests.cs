using System.Text.Json;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.EndToEnd.Browser;

/// <summary>A real browser on a real site, all parts of ours behind it, and the dashboard as people use it.</summary>
[TestFixture(StoreKind.Sqlite)]
[TestFixture(StoreKind.Mongo)]
internal sealed class BrowserTests(StoreKind store)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);
    private Installation _all = null!;
    private Chromium _chromium = null!;
    private IBrowserContext _developer = null!;
    private WebSite _shop = null!;
    private int _project;

    [OneTimeSetUp]
    public async Task SignInAndMakeAProject()
    {
        await SharedMongo.NeedAsync(store);
        _all = await Installation.StartAsync(new() { Store = store });
        _chromium = await Chromium.LaunchAsync();
        _developer = await _chromium.Browser.NewContextAsync(new() { BaseURL = _all.Web.Url });
        var page = await _developer.NewPageAsync();
        (_project, var snippet) = await NewShop.MakeAsync(page);
        await page.CloseAsync();
        _shop = await Shop.OpenAsync(snippet);
    }

    [OneTimeTearDown]
    public async Task CloseAll()
    {
        if (_shop is not null)
            await _shop.DisposeAsync();
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_all is not null)
            await _all.DisposeAsync();
    }

    [Test, Order(1), CancelAfter(120_000)]
    public async Task Shop_BreakingInEveryWay_IsOnTheDashboardWithCountPageBrowserAndStack()
    {
        var list = await _developer.NewPageAsync();
        await list.GotoAsync($"/issues?project={_project}");
        await using var visit = await Visit.OpenAsync(_chromium, _shop);
        await CountedAsync(Shop.Early, 1);

        for (var i = 0; i < 3; i++)
            await visit.Page.ClickAsync("#typeError");
        await visit.Page.ClickAsync("#rejectError");
        await visit.Page.ClickAsync("#rejectText");
        await visit.Page.ClickAsync("#captured");
        await CountedAsync("Cannot read properties", 3);
        await CountedAsync(Shop.Rejected, 1);
        await CountedAsync(Shop.RejectedText, 1);
        await CountedAsync(Shop.Captured, 1);

        await visit.Page.ClickAsync("#leave");
        await CountedAsync(Shop.Leaving, 1);

        // The list that was open all the time shows them without a reload.
        foreach (var title in new[] { Shop.Early, "Cannot read properties", Shop.Rejected, Shop.RejectedText, Shop.Captured, Shop.Leaving })
            await Assertions.Expect(list.Locator("#rows")).ToContainTextAsync(title, new() { Timeout = 15_000 });
        visit.Foreign.Should().BeEmpty("the snippet throws nothing of its own");

        await TypeErrorIsReadableAsync(await _developer.NewPageAsync());
        await CapturedHasItsDataAsync();
    }

    [Test, Order(2), CancelAfter(180_000)]
    public async Task Shop_WithTheCollectorStopped_NoticesNothingAndItsErrorsArriveAfterwards()
    {
        var before = await CountsAsync();
        await _all.Collector.TerminateAsync();
        await using var visit = await Visit.OpenAsync(_chromium, _shop);
        await visit.Page.ClickAsync("#typeError");
        await visit.Page.ClickAsync("#captured");
        (await visit.Page.TextContentAsync("#last")).Should().Be("captured", "the page works");

        _all.Collector.StartAgain();
        await _all.Collector.WaitReadyAsync();
        foreach (var title in new[] { Shop.Early, "Cannot read properties", Shop.Captured })
            await CountedAsync(title, before.Single(i => i.Title.Contains(title)).Count + 1, TimeSpan.FromSeconds(90));
        visit.Foreign.Should().BeEmpty();
    }

    [Test, Order(3), CancelAfter(120_000)]
    public async Task Shop_OnceEverythingIsWarm_ShowsAnErrorWithinTwoSecondsOfItsArrival()
    {
        await using var visit = await Visit.OpenAsync(_chromium, _shop);
        var before = (await CountsAsync()).Single(i => i.Title.Contains(Shop.Captured)).Count;
        var answered = visit.Page.WaitForResponseAsync(r => r.Status == 202 && r.Request.PostData?.Contains(Shop.Captured) == true);
        await visit.Page.ClickAsync("#captured");
        await answered;
        await CountedAsync(Shop.Captured, before + 1, Promised);
    }

    [Test, Order(4), CancelAfter(120_000)]
    public async Task Shop_OnceEverythingIsWarm_ShowsAnErrorOnTheOpenListAndOverviewWithinTwoSecondsOfItBeingThrown()
    {
        var list = await _developer.NewPageAsync();
        await list.GotoAsync($"/issues?project={_project}");
        var overview = await _developer.NewPageAsync();
        await overview.GotoAsync($"/?project={_project}");
        await using var visit = await Visit.OpenAsync(_chromium, _shop);
        await visit.Page.WaitForFunctionAsync("() => window.ep && performance.getEntriesByType('resource').some(r => r.name.includes('agent') && r.responseEnd > 0)");
        // Pages in the background are not drawn anew until somebody looks: here each is looked at.
        foreach (var page in new[] { list, overview })
            await page.WaitForSelectorAsync("#live:visible");
        var before = await HourAsync(overview);
        var row = list.Locator("tr[data-issue]", new() { HasText = Shop.Captured });
        var counted = long.Parse((await row.Locator("td[data-name=events]").TextContentAsync())!);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await visit.Page.ClickAsync("#captured");
        await Assertions.Expect(row.Locator("td[data-name=events]")).ToHaveTextAsync($"{counted + 1}", new() { Timeout = 10_000 });
        var onList = clock.Elapsed;
        await Deadline.Until(async () => await HourAsync(overview) > before, TimeSpan.FromSeconds(10), _all.Logs);
        var onOverview = clock.Elapsed;

        await TestContext.Out.WriteLineAsync($"on the list after {onList.TotalSeconds:0.00} s, on the overview after {onOverview.TotalSeconds:0.00} s");
        onList.Should().BeLessThan(Promised);
        onOverview.Should().BeLessThan(Promised);

        static async Task<long> HourAsync(IPage page) => long.Parse((await page.Locator("dl.facts > div").First.Locator("dd").InnerTextAsync()).Split('\n')[0].Trim());
    }

    private async Task TypeErrorIsReadableAsync(IPage page)
    {
        var issue = (await CountsAsync()).Single(i => i.Title.Contains("Cannot read properties"));
        issue.Users.Should().Be(1);
        var facets = (await _all.Api.GetAsync($"issues/{issue.Id}?project={_project}")).GetProperty("facets").EnumerateArray().ToList();
        Values("browser").Should().ContainSingle().Which.Should().MatchRegex("^(Chrome|Chromium|HeadlessChrome)");
        Values("page").Should().ContainSingle().Which.Should().EndWith("/basket");
        Values("release").Should().Equal("shop@1.4.2");
        Values("environment").Should().Equal("test");

        await page.GotoAsync($"/issues?project={_project}");
        await page.ClickAsync("a.title:has-text('Cannot read properties')");
        var stack = page.Locator("#sample .stack");
        await Assertions.Expect(stack).ToContainTextAsync("priceOf");
        await Assertions.Expect(stack).ToContainTextAsync("checkout");
        await Assertions.Expect(stack.Locator("li.frame").First).ToContainTextAsync(new Regex($@"/shop\.js\s*:{Shop.PriceLine}", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(page.Locator("dl.facts")).ToContainTextAsync("3");
        await page.CloseAsync();

        List<string> Values(string dimension) => facets.Single(f => f.GetProperty("dimension").GetString() == dimension)
            .GetProperty("values").EnumerateArray().Select(v => v.GetProperty("value").GetString()!).ToList();
    }

    private async Task CapturedHasItsDataAsync()
    {
        var issue = (await CountsAsync()).Single(i => i.Title.Contains(Shop.Captured));
        var latest = (await _all.Api.GetAsync($"issues/{issue.Id}?project={_project}")).GetProperty("latestEventId").GetString();
        var context = (await _all.Api.GetAsync($"events/{_project}/{latest}")).GetProperty("context");
        context.GetProperty("handled").GetBoolean().Should().BeTrue();
        context.GetProperty("meta").ToString().Should().Contain("kettle");
        JsonSerializer.Serialize(context.GetProperty("tags")).Should().Contain("SPRING");
    }

    private async Task<IReadOnlyList<IssueSeen>> CountsAsync() => await _all.Api.IssuesAsync(_project);

    /// <summary>Exactly one issue of this title, counted exactly so often.</summary>
    private async Task CountedAsync(string title, long count, TimeSpan? patience = null)
    {
        IReadOnlyList<IssueSeen> issues = [];
        await Deadline.Until(
            async () => (issues = await CountsAsync()).Where(i => i.Title.Contains(title)).Sum(i => i.Count) >= count,
            patience ?? TimeSpan.FromSeconds(20),
            () => $"{string.Join("\n", issues)}\n{_all.Logs()}",
            $"'{title}' is counted {count} times");
        issues.Should().ContainSingle(i => i.Title.Contains(title)).Which.Count.Should().Be(count);
    }
}

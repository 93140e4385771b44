using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.EndToEnd.Browser;

/// <summary>A person makes a project, opens the setup page of each client, sends its test event, and sees green.</summary>
[TestFixture(StoreKind.Sqlite)]
[TestFixture(StoreKind.Mongo)]
internal sealed class SetupPageTests(StoreKind store)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Soon = new() { Timeout = 20_000 };

    private Installation _all = null!;
    private Chromium _chromium = null!;
    private IBrowserContext _person = null!;

    [OneTimeSetUp]
    public async Task SignIn()
    {
        await SharedMongo.NeedAsync(store);
        _all = await Installation.StartAsync(new() { Store = store });
        _chromium = await Chromium.LaunchAsync();
        _person = await _chromium.Browser.NewContextAsync(new() { BaseURL = _all.Web.Url });
        await SignInAsync(await _person.NewPageAsync());
    }

    [OneTimeTearDown]
    public async Task CloseAll()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_all is not null)
            await _all.DisposeAsync();
    }

    [Test, CancelAfter(180_000)]
    public async Task TestEvent_OfEveryClient_TurnsItsPageGreenAndMakesOneIssue()
    {
        var page = await _person.NewPageAsync();
        var blocked = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                blocked.Add(message.Text);
        };
        await MakeProjectAsync(page, "Every client");
        var clients = await page.Locator(".clients a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
        clients.Should().HaveCountGreaterThanOrEqualTo(12);
        var issues = new HashSet<string>();
        foreach (var client in clients)
        {
            await page.GotoAsync(client);
            await Assertions.Expect(page.Locator("#arrival")).ToContainTextAsync("Nothing yet");
            await page.ClickAsync("form.send button");
            await Assertions.Expect(page.Locator("#arrival .arrived")).ToBeVisibleAsync(Soon);
            issues.Add((await page.Locator("#arrival .arrived a").GetAttributeAsync("href"))!);
        }

        blocked.Should().BeEmpty("nothing of it may be held back by a policy or CORS");
        issues.Should().HaveCount(2, "one error whatever the client, and one report of the browser");
        await page.GotoAsync(clients[0][..clients[0].LastIndexOf('/')]);
        await Assertions.Expect(page.Locator(".clients .badge.good")).ToHaveCountAsync(clients.Length);
    }

    [Test, CancelAfter(120_000)]
    public async Task SitesOwnEvent_WhileThePageIsOpen_TurnsItGreen()
    {
        var page = await _person.NewPageAsync();
        await page.GotoAsync($"/projects/{_all.ProjectId}/setup/snippet");
        await Assertions.Expect(page.Locator("#arrival")).ToContainTextAsync("Nothing yet");
        await Assertions.Expect(page.Locator("#live")).ToBeVisibleAsync(Soon);

        using var sender = new EventSender(_all.Collector.Url, _all.Key);
        await sender.PostUntilAcceptedAsync("""{"events":[{"type":"Error","message":"of the site itself","stack":"Error: x\n    at f (https://shop.example/a.js:1:1)"}]}""", CancellationToken.None);

        await Assertions.Expect(page.Locator("#arrival .arrived")).ToBeVisibleAsync(Soon);
    }

    [Test, CancelAfter(120_000)]
    public async Task TestEvent_WithoutScriptsAndForOneOriginAlone_TurnsThePageGreen()
    {
        await using var context = await _chromium.Browser.NewContextAsync(new() { BaseURL = _all.Web.Url, JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await SignInAsync(page);
        var project = await MakeProjectAsync(page, "One origin");
        await page.GotoAsync($"/projects/{project}");
        await page.FillAsync("textarea[name=Origins]", "https://shop.example");
        await page.ClickAsync("form.fields button.main");
        await page.GotoAsync($"/projects/{project}/setup/bugsnag");

        await page.ClickAsync("form.send button");

        await Assertions.Expect(page.Locator("#arrival .arrived")).ToBeVisibleAsync(Soon);
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/projects");
        await page.FillAsync("input[name=Email]", Installation.FirstUser);
        await page.FillAsync("input[name=Password]", Installation.FirstPassword);
        await page.ClickAsync("form[action='/sign-in'] button");
    }

    /// <summary>Its id; the page is then the setup's list.</summary>
    private static async Task<string> MakeProjectAsync(IPage page, string name)
    {
        await page.GotoAsync("/projects");
        await page.FillAsync("form[action='/projects'] input[name=name]", name);
        await page.ClickAsync("form[action='/projects'] button");
        await Assertions.Expect(page.Locator(".clients a").First).ToBeVisibleAsync();
        return page.Url.Split('/')[^2];
    }
}

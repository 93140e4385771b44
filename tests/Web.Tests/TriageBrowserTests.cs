using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;
using Microsoft.Playwright;

namespace ErrorPipeline.Web.Tests;

/// <summary>The list and the issue by keys alone, in a real browser.</summary>
public class TriageBrowserTests
{
    [Test]
    public async Task Browser_FiftyIssues_AreTriagedByKeysAlone()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (project, issues) = await TriageTests.ManyAsync(rig, 50);
        using var done = new CancellationTokenSource();
        var writer = WriteAsync(rig, done.Token);
        await using var chromium = await Chromium.LaunchAsync();
        await using var context = await chromium.Browser.NewContextAsync(new() { BaseURL = rig.Url.ToString() });
        var page = await OpenAsync(context, $"/issues?project={project}&sort=count");
        Task<int> Left() => page.Locator("tr[data-issue]").CountAsync();
        Task Press(string keys) => PressAsync(page, keys);
        Task Act(string key) => LeavingAsync(page, () => page.Keyboard.PressAsync(key));

        await Press("?");
        (await page.Locator("dialog#keys").IsVisibleAsync()).Should().BeTrue();
        await Press("Escape");
        await Press("j");
        (await page.EvaluateAsync<bool>("document.activeElement.matches('a.title:focus-visible') && document.activeElement.closest('tr').rowIndex === 1")).Should().BeTrue("one sees where one is");
        (await page.Locator("#bulk").IsVisibleAsync()).Should().BeFalse("nothing is chosen");

        await Press("x j x");
        (await page.Locator("[data-chosen]").InnerTextAsync()).Should().Be("2 chosen");
        await Act("e");
        (await page.Locator(".toast").InnerTextAsync()).Should().Contain("2 issues resolved");
        await Act("z");
        (await State(rig, IssueState.Open)).Should().Be(50, "it was taken back");

        await Act("Enter");
        new Uri(page.Url).AbsolutePath.Should().MatchRegex("^/issues/[0-9]+/[0-9]+$");
        await Act("i");
        (await page.Locator(".state-ignored").First.IsVisibleAsync()).Should().BeTrue();
        await Act("j");
        await Act("e");
        await Act("u");
        (await State(rig, IssueState.Open)).Should().Be(48);

        for (var round = 0; await Left() is > 0 and var left; round++)
        {
            round.Should().BeLessThan(40, "every round takes some away");
            if (left > 3)
                await Press("x j x j x");
            await Act(round % 3 == 2 ? "i" : "e");
        }

        (await State(rig, IssueState.Open)).Should().Be(0);
        (await State(rig, IssueState.Resolved) + await State(rig, IssueState.Ignored)).Should().Be(issues.Count);
        await done.CancelAsync();
        await writer;
    }

    [Test]
    public async Task Browser_TypingASearch_IsOfferedKeysAndValues()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(Some.Delta(project, "typing", message: "found by its browser", count: 100));
        await using var chromium = await Chromium.LaunchAsync();
        await using var context = await chromium.Browser.NewContextAsync(new() { BaseURL = Shared.Rig.Url.ToString() });
        var page = await OpenAsync(context, $"/issues?project={project}");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("bro");
        await page.WaitForSelectorAsync("#suggestions li:has-text('browser:')");
        (await page.GetAttributeAsync("#q", "aria-expanded")).Should().Be("true");
        await page.Keyboard.PressAsync("ArrowDown");
        (await page.GetAttributeAsync("#q", "aria-activedescendant")).Should().Be("suggestion-0");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("fire");
        await page.WaitForSelectorAsync("#suggestions li:has-text('Firefox 145')");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        (await page.InputValueAsync("#q")).Should().Be("browser:\"Firefox 145\" ");
        await page.Keyboard.PressAsync("Escape");
        await page.FocusAsync("#q");
        await LeavingAsync(page, () => page.EvaluateAsync("document.querySelector('form.filters').requestSubmit()"));

        (await page.Locator("tr[data-issue]").CountAsync()).Should().Be(1);
    }

    private static async Task<IPage> OpenAsync(IBrowserContext context, string path)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in?to=" + Uri.EscapeDataString(path));
        await page.FillAsync("[name=Email]", DashboardRig.Email);
        await page.FillAsync("[name=Password]", DashboardRig.Password);
        await page.ClickAsync("button.main");
        await page.WaitForSelectorAsync("tr[data-issue]");
        return page;
    }

    private static async Task PressAsync(IPage page, string keys)
    {
        foreach (var key in keys.Split(' '))
            await page.Keyboard.PressAsync(key);
    }

    /// <summary>Until another page is there.</summary>
    private static async Task LeavingAsync(IPage page, Func<Task> act)
    {
        await page.EvaluateAsync("window.isOld = true");
        await act();
        try
        {
            await page.WaitForFunctionAsync("() => !window.isOld && document.readyState === 'complete'", null, new() { Timeout = 10_000 });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"nothing happened on {page.Url}; the focus is on {await page.EvaluateAsync<string>("document.activeElement.outerHTML.slice(0, 300)")}, {await page.Locator("input[form=bulk]:checked").CountAsync()} are chosen");
        }
    }

    private static async Task<int> State(DashboardRig rig, IssueState state) =>
        (await rig.Store.ListIssuesAsync(new() { State = state, Limit = 100, TrendHours = 0, NowHour = 0 }, CancellationToken.None)).Rows.Count;

    /// <summary>The writer, as long as the test goes on.</summary>
    private static async Task WriteAsync(DashboardRig rig, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            if (await rig.ApplyCommandsAsync() == 0)
                await Task.Delay(20, CancellationToken.None);
        }
    }
}

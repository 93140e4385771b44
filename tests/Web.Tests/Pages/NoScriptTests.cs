using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Tests.Pages;

/// <summary>A browser in which no script runs: all can be read, and what matters can be changed.</summary>
internal sealed class NoScriptTests
{
    [Test, CancelAfter(180_000)]
    public async Task Browser_WithoutScripts_ReadsEveryPageAndChangesState()
    {
        await using var lived = await LivedIn.StartAsync();
        await using var chromium = await Chromium.LaunchAsync();
        await using var reader = await Reader.SignInAsync(chromium, lived.Rig, new() { JavaScriptEnabled = false });
        var page = reader.Page;
        foreach (var path in await AllPages.OfAsync(lived))
        {
            await page.GotoAsync(path);
            (await page.Locator("main, h1").First.InnerTextAsync()).Trim().Should().NotBeEmpty("{0} has words", path);
        }

        // Projects are made and named.
        await page.GotoAsync("/projects");
        await page.FillAsync("form[action='/projects'] input[name=name]", "Made by hand");
        await page.ClickAsync("form[action='/projects'] button");
        (await lived.Rig.Config.ListProjectsAsync(CancellationToken.None)).Should().Contain(project => project.Name == "Made by hand");

        // Issues change their state.
        var issue = lived.Issues[0];
        await page.GotoAsync($"/issues/{lived.Shop}/{issue}");
        await MergeTests.WhileApplyingAsync(lived.Rig, page.ClickAsync("form[action$='/ignore'] button"));
        (await lived.Rig.Store.GetIssueAsync(lived.Shop, issue, CancellationToken.None))!.Issue.State.Should().Be(IssueState.Ignored);
        await page.GotoAsync($"/issues/{lived.Shop}/{issue}");
        await MergeTests.WhileApplyingAsync(lived.Rig, page.ClickAsync("form[action$='/reopen'] button"));
        (await lived.Rig.Store.GetIssueAsync(lived.Shop, issue, CancellationToken.None))!.Issue.State.Should().Be(IssueState.Open);

        // The theme is chosen, and the page stays where it was.
        await page.GotoAsync("/issues?state=all");
        await page.ClickAsync("header details.menu > summary");
        await page.ClickAsync("form.themes button[value=dark]");
        page.Url.Should().EndWith("/issues?state=all");
        (await page.Locator("html").GetAttributeAsync("data-theme")).Should().Be("dark");

        await page.ClickAsync("header details.menu > summary");
        await page.ClickAsync("form[action='/sign-out'] button");
        page.Url.Should().EndWith("/sign-in");
    }
}

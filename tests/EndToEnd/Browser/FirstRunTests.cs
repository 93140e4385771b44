using System.Diagnostics;
using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.EndToEnd.Browser;

/// <summary>Somebody who has just unpacked it: nothing is there yet, and the clock runs until their first own error is on the dashboard.</summary>
internal sealed class FirstRunTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromMinutes(2);

    [Test, CancelAfter(240_000)]
    public async Task Person_FromAnEmptyFolderToTheirFirstError_NeedsLessThanTwoMinutes()
    {
        var clock = Stopwatch.StartNew();
        await using var all = await Installation.StartAsync();
        await using var chromium = await Chromium.LaunchAsync();
        await using var context = await chromium.Browser.NewContextAsync(new() { BaseURL = all.Web.Url });
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await context.NewPageAsync();

        await page.GotoAsync("/");
        await page.FillAsync("input[name=Email]", Installation.FirstUser);
        await page.FillAsync("input[name=Password]", Installation.FirstPassword);
        await page.ClickAsync("form[action='/sign-in'] button");
        await Assertions.Expect(page.Locator("main .empty")).ToContainTextAsync("No errors");
        await page.ClickAsync("nav[aria-label=Main] a[href='/projects']");
        await page.FillAsync("form[action='/projects'] input[name=name]", "My site");
        await page.ClickAsync("form[action='/projects'] button");
        await page.ClickAsync("a[href$='/setup/snippet']:visible >> nth=0");
        await page.ClickAsync("[data-copy]:visible >> nth=0");
        var snippet = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        snippet.Should().Contain("<script").And.Contain("agent.js");

        await using var site = await WebSite.StartAsync(new Dictionary<string, string>
        {
            ["/"] = $"<!doctype html><html lang=\"en\"><head><title>My site</title>{snippet}</head><body><script>undefined.first();</script></body></html>",
        });
        var visitor = await (await chromium.Browser.NewContextAsync()).NewPageAsync();
        await visitor.GotoAsync(site.Url);
        // The setup page says by itself that it has come, and leads to it.
        await page.ClickAsync("#arrival .arrived a", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Cannot read properties of undefined");

        await TestContext.Out.WriteLineAsync($"from nothing to the first error: {clock.Elapsed.TotalSeconds:0} s");
        clock.Elapsed.Should().BeLessThan(Promised);
    }
}

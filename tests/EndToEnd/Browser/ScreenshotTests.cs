using System.Text.Json.Nodes;
using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.EndToEnd.Browser;

/// <summary>The picture in README.md, of the dashboard as it is. Written only where ERRORPIPELINE_SCREENSHOTS=1, so that a test run changes no file.</summary>
internal sealed class ScreenshotTests
{
    private static readonly (string Type, string Message, string Function, string File, string Page, int Count, int Users)[] Errors =
    [
        ("TypeError", "Cannot read properties of undefined (reading 'price')", "priceOf", "checkout", "/basket", 184, 61),
        ("RangeError", "page 99 of 3 was asked for", "loadReviews", "reviews", "/tea/earl-grey", 37, 22),
        ("Error", "voucher SPRING was refused", "applyVoucher", "voucher", "/basket", 58, 40),
        ("NetworkError", "failed to fetch /api/stock", "refreshStock", "stock", "/kettles", 126, 88),
        ("SyntaxError", "Unexpected token '<' in JSON at position 0", "parseProfile", "account", "/account", 19, 12),
        ("ReferenceError", "dataLayer is not defined", "track", "analytics", "/", 73, 70),
        ("UnhandledRejection", "basket is out of date", "sync", "basket", "/basket", 9, 7),
        ("InvalidStateError", "the payment sheet is already open", "openSheet", "pay", "/pay", 5, 5),
    ];

    [Test, CancelAfter(120_000)]
    public async Task Issues_OfAnOrdinaryDay_MakeThePictureOfTheReadme(CancellationToken cancel)
    {
        await using var all = await Installation.StartAsync();
        await SendAsync(all, cancel);
        var expected = Errors.Sum(e => e.Count);
        await Deadline.Until(async () => (await all.Api.IssuesAsync(all.ProjectId)).Sum(i => i.Count) == expected, TimeSpan.FromSeconds(30), all.Logs);

        await using var chromium = await Chromium.LaunchAsync();
        var page = await chromium.Browser.NewPageAsync(new() { BaseURL = all.Web.Url, ViewportSize = new() { Width = 1200, Height = 720 }, ColorScheme = ColorScheme.Light });
        await page.GotoAsync($"/issues?project={all.ProjectId}");
        await page.FillAsync("input[name=Email]", Installation.FirstUser);
        await page.FillAsync("input[name=Password]", Installation.FirstPassword);
        await page.ClickAsync("form[action='/sign-in'] button");
        await Assertions.Expect(page.Locator("tr[data-issue]")).ToHaveCountAsync(Errors.Length);
        var picture = await page.ScreenshotAsync();

        picture.Length.Should().BeGreaterThan(20_000, "an empty page is smaller");
        if (Environment.GetEnvironmentVariable("ERRORPIPELINE_SCREENSHOTS") == "1")
        {
            var folder = Directory.CreateDirectory(Path.Combine(Places.Root, "docs", "screenshots")).FullName;
            await File.WriteAllBytesAsync(Path.Combine(folder, "issues.png"), picture, cancel);
        }
    }

    /// <summary>The day's events come late, as from a phone that was offline: each tells its own time.</summary>
    private static async Task SendAsync(Installation all, CancellationToken cancel)
    {
        var random = new Random(3);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var sender = new EventSender(all.Collector.Url, all.Key);
        foreach (var (error, kind) in Errors.Select((e, i) => (e, i)))
        {
            foreach (var batch in Enumerable.Range(0, error.Count).Chunk(50))
            {
                var events = batch.Select(n => (JsonNode)new JsonObject
                {
                    ["id"] = $"{kind:x16}{n:x16}",
                    ["timestamp"] = now - (long)(random.NextDouble() * random.NextDouble() * TimeSpan.FromHours(22).TotalMilliseconds),
                    ["type"] = error.Type,
                    ["message"] = error.Message,
                    ["stack"] = $"{error.Type}: {error.Message}\n    at {error.Function} (https://shop.example/js/{error.File}.js:{kind + 12}:9)\n    at run (https://shop.example/js/app.js:5:3)",
                    ["url"] = $"https://shop.example{error.Page}",
                    ["session"] = $"{kind}-{n % error.Users}",
                    ["release"] = "shop@1.4.2",
                    ["environment"] = "production",
                });
                await sender.PostUntilAcceptedAsync(new JsonObject { ["sentAt"] = now, ["events"] = new JsonArray([.. events]) }.ToJsonString(), cancel);
            }
        }
    }
}

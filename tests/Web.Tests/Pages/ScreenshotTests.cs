using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ErrorPipeline.Web.Tests.Pages;

/// <summary>Draws every page: for people to look at, and for the documentation.</summary>
[Explicit("for people")]
internal sealed class ScreenshotTests
{
    private const int MostBytes = 150_000;

    [Test]
    public async Task Pages_InEveryLook_AreDrawnIntoTheFolderThatScreenshotsNames()
    {
        var folder = Environment.GetEnvironmentVariable("SCREENSHOTS") ?? TestContext.CurrentContext.WorkDirectory;
        await using var lived = await LivedIn.StartAsync();
        var pages = await AllPages.OfAsync(lived);
        await using var chromium = await Chromium.LaunchAsync();
        foreach (var (look, scheme, width) in new[] { ("light", ColorScheme.Light, 1280), ("dark", ColorScheme.Dark, 1280), ("phone", ColorScheme.Light, 390) })
        {
            await using var reader = await Reader.SignInAsync(chromium, lived.Rig, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
            foreach (var path in pages)
            {
                await SomePipeline.BeatAsync(lived.Rig.App.Services.GetRequiredService<RedisConnection>());
                await reader.Page.GotoAsync(path);
                await reader.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{AllPages.NameOf(path)}-{look}.png"), FullPage = true });
            }
        }
    }

    /// <summary>What docs/dashboard.md and README.md show. Small: a screen's upper part, in 1:1.</summary>
    [Test]
    public async Task Documentation_HasThePictureOfEachPageThatItTellsOf()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Places.Root, "docs", "screenshots")).FullName;
        await using var lived = await LivedIn.StartAsync();
        await using var chromium = await Chromium.LaunchAsync();
        await using var reader = await Reader.SignInAsync(chromium, lived.Rig, new() { ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 1200, Height = 760 } });
        foreach (var (name, path) in Shown(lived))
        {
            await SomePipeline.BeatAsync(lived.Rig.App.Services.GetRequiredService<RedisConnection>());
            await reader.Page.GotoAsync(path);
            var picture = await reader.Page.ScreenshotAsync();
            picture.Length.Should().BeInRange(10_000, MostBytes, "{0}", name);
            await File.WriteAllBytesAsync(Path.Combine(folder, name + ".png"), picture);
        }
    }

    private static IEnumerable<(string Name, string Path)> Shown(LivedIn lived) =>
    [
        ("overview", "/"), ("overview-project", $"/?project={lived.Shop}"), ("issues", $"/issues?project={lived.Shop}"), ("issue", $"/issues/{lived.Shop}/{lived.Issues[0]}"),
        ("releases", $"/projects/{lived.Shop}/releases"), ("release", $"/projects/{lived.Shop}/release?version=shop-4.18.2"), ("pipeline", "/pipeline"), ("receipt", $"/receipts?event={lived.Event}"),
        ("setup", $"/projects/{lived.Shop}/setup/snippet"), ("rules", $"/projects/{lived.Shop}/rules"), ("source-maps", $"/projects/{lived.Shop}/source-maps"), ("merge", $"/issues/{lived.Shop}/{lived.Issues[0]}/merge?with={lived.Issues[1]}"),
        ("design", "/design"),
    ];
}

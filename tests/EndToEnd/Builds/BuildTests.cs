using System.Text.Json;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Builds;

/// <summary>A real build, its maps uploaded in every way there is, thrown in a real Chromium and a real Firefox.</summary>
internal sealed class BuildTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private Installation _all = null!;
    private Chromium _chromium = null!;
    private Firefox _firefox = null!;
    private string _snippet = "";
    private int _releases;

    [OneTimeSetUp]
    public async Task StartAll()
    {
        await ShopBuild.InstallAsync();
        _all = await Installation.StartAsync(new() { Settings = new Dictionary<string, string> { ["Web:UploadToken"] = ShopBuild.UploadToken } });
        _chromium = await Chromium.LaunchAsync();
        _firefox = await Firefox.LaunchAsync();
        using var http = new HttpClient();
        var demo = await http.GetStringAsync(new Uri($"{_all.Web.Url}/demo"));
        _snippet = Regex.Matches(demo, "<script[^>]*>(?<text>.*?)</script>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .Select(match => match.Groups["text"].Value).First(text => text.Contains("/agent.js", StringComparison.Ordinal));
    }

    [OneTimeTearDown]
    public async Task EndAll()
    {
        if (_firefox is not null)
            await _firefox.DisposeAsync();
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_all is not null)
            await _all.DisposeAsync();
    }

    [TestCase("esbuild", "api")]
    [TestCase("webpack", "sentry-cli")]
    [TestCase("vite", "plugin")]
    [TestCase("esbuild", "plugin")]
    [TestCase("webpack", "plugin")]
    [CancelAfter(300_000)]
    public async Task Build_ThrowingInTwoBrowsers_IsOneIssueAtItsOriginalPlace(string bundler, string way)
    {
        using var build = await MadeAsync(bundler, way);
        await using var site = await build.ServeAsync(_snippet);
        var before = await CountsAsync();

        await ThrowInChromiumAsync(site.Url);
        var issue = await GrownAsync(before, 1);
        await AtItsOriginalPlaceAsync(issue);
        await ThrowInFirefoxAsync(site.Url);
        (await GrownAsync(before, 2)).Should().Be(issue);
        await AtItsOriginalPlaceAsync(issue);
    }

    [TestCase("esbuild")]
    [TestCase("vite")]
    [TestCase("webpack")]
    [CancelAfter(300_000)]
    public async Task Build_MadeAnewWithOtherHashesAndLines_KeepsItsIssues(string bundler)
    {
        using var first = await MadeAsync(bundler, "api");
        using var second = await MadeAsync(bundler, "api", shifted: true);
        await using var site = await first.ServeAsync(_snippet);
        await using var later = await second.ServeAsync(_snippet);
        var before = await CountsAsync();

        await ThrowInChromiumAsync(site.Url);
        var issue = await GrownAsync(before, 1);
        await ThrowInChromiumAsync(later.Url);
        (await GrownAsync(before, 2)).Should().Be(issue);
        await ThrowInFirefoxAsync(later.Url);
        (await GrownAsync(before, 3)).Should().Be(issue);
    }

    private async Task<ShopBuild> MadeAsync(string bundler, string way, bool shifted = false)
    {
        var release = $"shop@{++_releases}.0.0";
        var build = await ShopBuild.MakeAsync(bundler, release, way == "plugin" ? _all.Web.Url : null, shifted);
        if (way == "api")
            await build.UploadByApiAsync(_all.Web.Url, _all.ProjectId);
        if (way == "sentry-cli")
            await build.UploadBySentryCliAsync(_all.Web.Url);
        return build;
    }

    private async Task ThrowInChromiumAsync(string url)
    {
        await using var context = await _chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(url);
        var answered = page.WaitForResponseAsync(response => response.Status == 202);
        await page.ClickAsync("#pay");
        await answered;
    }

    private async Task ThrowInFirefoxAsync(string url)
    {
        var tab = await _firefox.OpenAsync(url);
        var sent = (await _all.Api.IssuesAsync(_all.ProjectId)).Sum(i => i.Count);
        await tab.EvaluateAsync("setTimeout(() => document.getElementById('pay').click())");
        await Deadline.Until(async () => (await _all.Api.IssuesAsync(_all.ProjectId)).Sum(i => i.Count) > sent, Patience, _all.Logs, "Firefox's error is counted");
        await tab.CloseAsync();
    }

    private async Task<Dictionary<long, long>> CountsAsync() => (await _all.Api.IssuesAsync(_all.ProjectId)).ToDictionary(i => i.Id, i => i.Count);

    /// <summary>The one issue that has grown, by exactly so much.</summary>
    private async Task<long> GrownAsync(Dictionary<long, long> before, long by)
    {
        List<(long Id, long By)> grown = [];
        await Deadline.Until(
            async () => (grown = [.. (await CountsAsync()).Select(i => (i.Key, i.Value - before.GetValueOrDefault(i.Key))).Where(i => i.Item2 > 0)]).Sum(i => i.By) >= by,
            Patience, _all.Logs, $"{by} errors are counted");
        grown.Should().ContainSingle().Which.By.Should().Be(by);
        return grown[0].Id;
    }

    private async Task AtItsOriginalPlaceAsync(long issue)
    {
        var latest = (await _all.Api.GetAsync($"issues/{issue}?project={_all.ProjectId}")).GetProperty("latestEventId").GetString();
        var newest = (await _all.Api.GetAsync($"events/{_all.ProjectId}/{latest}")).GetProperty("error").GetProperty("frames")[0];
        var seen = newest.GetRawText();
        newest.GetProperty("function").GetString().Should().Be("centsOf", seen);
        newest.GetProperty("file").GetString().Should().Be("src/cart.ts", seen);
        newest.GetProperty("line").GetInt32().Should().Be(ShopBuild.Line, seen);
        newest.GetProperty("context").GetProperty("line").GetString().Should().Be(ShopBuild.Source, seen);
    }
}

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

    /// <summary>The one error that every bundler builds.</summary>
    private const string Everywhere = "centsOf";
    private long? _everywhere;

    [OneTimeSetUp]
    public async Task StartAll()
    {
        await NodePackages.InstallAsync();
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
    [TestCase("esbuild", "sentry-cli", Category = "Long")]
    [TestCase("esbuild", "plugin", Category = "Long")]
    [TestCase("vite", "api", Category = "Long")]
    [TestCase("vite", "sentry-cli", Category = "Long")]
    [TestCase("webpack", "api", Category = "Long")]
    [TestCase("webpack", "plugin", Category = "Long")]
    [CancelAfter(300_000)]
    public async Task Build_ThrowingInTwoBrowsers_IsOneIssueAtItsOriginalPlace(string bundler, string way)
    {
        using var build = await MadeAsync(bundler, way, Everywhere);
        await using var site = await build.ServeAsync(_snippet);
        var before = await CountsAsync();

        await ThrowInChromiumAsync(site.Url);
        var issue = await GrownAsync(before, 1);
        await AtItsOriginalPlaceAsync(issue, Everywhere);
        await ThrowInFirefoxAsync(site.Url);
        (await GrownAsync(before, 2)).Should().Be(issue);
        await AtItsOriginalPlaceAsync(issue, Everywhere);
        (_everywhere ??= issue).Should().Be(issue, "no bundler and no way of upload tells an error from itself");
    }

    [TestCase("esbuild", Category = "Long")]
    [TestCase("vite")]
    [TestCase("webpack", Category = "Long")]
    [CancelAfter(300_000)]
    public async Task Build_MadeAnewWithOtherHashesAndLines_KeepsItsIssues(string bundler)
    {
        var fault = $"rebuiltBy{bundler}";
        using var first = await MadeAsync(bundler, "api", fault);
        using var second = await MadeAsync(bundler, "api", fault, shifted: true);
        first.Script.Should().NotBe(second.Script);
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

    [TestCase("esbuild")]
    [TestCase("vite", Category = "Long")]
    [TestCase("webpack", Category = "Long")]
    [CancelAfter(300_000)]
    public async Task Build_WhoseMapsComeAfterItsErrors_IsRepairedAndKeepsItsIssue(string bundler)
    {
        var fault = $"lateFrom{bundler}";
        using var build = await MadeAsync(bundler, "none", fault);
        await using var site = await build.ServeAsync(_snippet);
        var before = await CountsAsync();

        await ThrowInChromiumAsync(site.Url);
        var issue = await GrownAsync(before, 1);
        await ThrowInFirefoxAsync(site.Url);
        (await GrownAsync(before, 2)).Should().Be(issue);
        (await NewestFrameAsync(issue)).GetProperty("file").GetString().Should().EndWith($"/static/{build.Script}");

        await build.UploadByApiAsync(_all.Web.Url, _all.ProjectId);
        await Deadline.Until(async () => (await CulpritAsync(issue)) == $"{fault} in src/cart.ts", Patience, _all.Logs, "the issue is repaired");
        await AtItsOriginalPlaceAsync(issue, fault);
        await ThrowInFirefoxAsync(site.Url);
        await ThrowInChromiumAsync(site.Url);
        (await GrownAsync(before, 4)).Should().Be(issue, "its address is kept, and no other issue came");
    }

    /// <param name="way">api, sentry-cli, plugin or none.</param>
    private async Task<ShopBuild> MadeAsync(string bundler, string way, string fault, bool shifted = false)
    {
        var release = $"shop@{++_releases}.0.0";
        var build = await ShopBuild.MakeAsync(bundler, release, fault, way == "plugin" ? _all.Web.Url : null, shifted);
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
        await tab.ClickAsync("#pay");
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

    private async Task AtItsOriginalPlaceAsync(long issue, string fault)
    {
        var newest = await NewestFrameAsync(issue);
        var seen = newest.GetRawText();
        newest.GetProperty("function").GetString().Should().Be(fault, seen);
        newest.GetProperty("file").GetString().Should().Be("src/cart.ts", seen);
        newest.GetProperty("line").GetInt32().Should().Be(ShopBuild.Line, seen);
        newest.GetProperty("context").GetProperty("line").GetString().Should().Be(ShopBuild.Source, seen);
    }

    private async Task<JsonElement> NewestFrameAsync(long issue)
    {
        var latest = (await _all.Api.GetAsync($"issues/{issue}?project={_all.ProjectId}")).GetProperty("latestEventId").GetString();
        return (await _all.Api.GetAsync($"events/{_all.ProjectId}/{latest}")).GetProperty("error").GetProperty("frames")[0];
    }

    private async Task<string> CulpritAsync(long issue) => (await _all.Api.IssuesAsync(_all.ProjectId)).Single(i => i.Id == issue).Culprit;
}

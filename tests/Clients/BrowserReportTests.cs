using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ErrorPipeline.Rigs;
using Microsoft.Playwright;

namespace ErrorPipeline.Clients;

/// <summary>What Chromium tells of itself, over https.</summary>
internal sealed class BrowserReportTests
{
    private const string BreaksRules = """
        <!doctype html><meta charset="utf-8"><title>Shop</title>
        <script nonce="n">
          const request = new XMLHttpRequest();
          request.open("GET", "/stock.json", false);
          request.send();
          navigator.vibrate(10);
        </script>
        <script>throw new Error("never runs")</script>
        """;

    private X509Certificate2 _certificate = null!;
    private Wire _wire = null!;
    private Chromium _chromium = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _certificate = SelfSigned.Make();
        _wire = await Wire.StartAsync(World.All.Collector.Url, _certificate);
        // Named by its key the certificate is a good one; where all bad ones are ignored, network errors are not told.
        var key = Convert.ToBase64String(SHA256.HashData(_certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        _chromium = await Chromium.LaunchAsync($"--ignore-certificate-errors-spki-list={key}", "--short-reporting-delay");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_wire is not null)
            await _wire.DisposeAsync();
        _certificate.Dispose();
    }

    [Test, CancelAfter(60_000)]
    public async Task ReportTo_ViolationDeprecationAndIntervention_AreIssues()
    {
        var (project, address) = await ProjectAsync("Reports", "to");
        await using var site = await OpenAsync(new()
        {
            ["Reporting-Endpoints"] = $"default=\"{address}\", csp=\"{address}\"",
            ["Content-Security-Policy"] = $"script-src 'nonce-n'; report-to csp; report-uri {address}-never",
        });
        await VisitAsync(site, "to", reports => new[] { "csp-violation", "deprecation", "intervention" }.All(reports.Contains));

        var seen = await SeenAsync(project);
        seen.Should().HaveCount(3);
        var violation = seen.Single(s => s.Event.Error.Type == "CSPViolation");
        violation.Grouping.Tokens.Should().Equal("client: csp", "client: script-src-elem", "client: inline");
        violation.Event.Occurrence.Page.Should().Be($"{site.Url}/page");
        violation.Event.Occurrence.Browser.Should().StartWith("HeadlessChrome");
        seen.Single(s => s.Event.Error.Type == "Deprecation").Issue.Title.Should().Contain("XMLHttpRequest");
        seen.Should().Contain(s => s.Event.Error.Type == "Intervention");
        seen.Should().OnlyContain(s => !s.Event.Occurrence.Url!.Contains("token=secret123"));
    }

    [Test, CancelAfter(60_000)]
    public async Task ReportUri_OfAnOldPolicy_IsAnIssue()
    {
        var (project, address) = await ProjectAsync("Old policies", "uri");
        await using var site = await OpenAsync(new() { ["Content-Security-Policy-Report-Only"] = $"script-src 'nonce-n'; report-uri {address}" });
        await VisitAsync(site, "uri", reports => reports.Contains("csp-report"));

        var seen = (await SeenAsync(project)).Should().ContainSingle().Subject;
        seen.Event.Error.Type.Should().Be("CSPViolation");
        seen.Grouping.Tokens.Should().Equal("client: csp", "client: script-src-elem", "client: inline");
    }

    [Test, CancelAfter(60_000)]
    public async Task Crash_OfAPage_IsAnIssue()
    {
        var (project, address) = await ProjectAsync("Crashes", "crash");
        await using var site = await OpenAsync(new() { ["Reporting-Endpoints"] = $"default=\"{address}\", crash-reporting=\"{address}\"" });
        var page = await _chromium.Browser.NewPageAsync();
        await page.GotoAsync($"{site.Url}/page?token=secret123");
        var tools = await page.Context.NewCDPSessionAsync(page);
        // It is never answered: nobody is left to answer it.
        _ = tools.SendAsync("Page.crash").ContinueWith(crashed => crashed.Exception, TaskScheduler.Default);
        await Deadline.Until(() => Reports("crash").Contains("\"crash\""), TimeSpan.FromSeconds(20), () => Reports("crash"));
        await page.Context.CloseAsync();
        (await SeenAsync(project)).Should().Contain(s => s.Event.Error.Type == "Crash");
    }

    [Test, CancelAfter(60_000)]
    public async Task NetworkError_OfASite_IsAnIssue()
    {
        var (project, address) = await ProjectAsync("Networks", "network");
        await using var site = await OpenAsync(new()
        {
            ["Report-To"] = $$"""{"group":"nel","max_age":3600,"endpoints":[{"url":"{{address}}"}]}""",
            ["NEL"] = """{"report_to":"nel","max_age":3600,"failure_fraction":1}""",
        });
        var page = await _chromium.Browser.NewPageAsync();
        // Policies of addresses without a name are not kept.
        await page.GotoAsync($"{site.Url.Replace("127.0.0.1", "localhost")}/page");
        await page.EvaluateAsync("fetch('/is-not-there?token=secret123')");
        await Deadline.Until(() => Reports("network").Contains("is-not-there"), TimeSpan.FromSeconds(20), () => Reports("network"));
        await page.Context.CloseAsync();
        // The browser asks for an icon too, which is not there either.
        var seen = await SeenAsync(project);
        seen.Should().OnlyContain(s => s.Event.Error.Type == "NetworkError" && !s.Event.Error.Message.Contains("secret123"));
        seen.Should().ContainSingle(s => s.Event.Error.Message.EndsWith("/is-not-there"));
    }

    private async Task<(ClientProject Project, string Address)> ProjectAsync(string name, string @case)
    {
        var project = (await World.Dashboard.MakeProjectsAsync([name]))[0];
        return (project, $"{_wire.Url}/browser/{@case}/api/{project.Key}/reports");
    }

    private Task<WebSite> OpenAsync(Dictionary<string, string> headers) =>
        WebSite.StartAsync(new Dictionary<string, string> { ["/page"] = BreaksRules, ["/stock.json"] = "{}" }, headers, _certificate);

    private async Task VisitAsync(WebSite site, string @case, Func<string, bool> isTold)
    {
        var page = await _chromium.Browser.NewPageAsync();
        await page.GotoAsync($"{site.Url}/page?token=secret123");
        await Deadline.Until(() => isTold(Reports(@case)), TimeSpan.FromSeconds(30), () => Reports(@case));
        await page.Context.CloseAsync();
    }

    private string Reports(string @case) => string.Join('\n', _wire.Of("browser", @case).Where(r => r.Status == 204).Select(r => r.Text));

    private static async Task<IReadOnlyList<Seen>> SeenAsync(ClientProject project)
    {
        await World.Dashboard.SettledAsync();
        return await World.Dashboard.SeenAsync(project.Id);
    }
}

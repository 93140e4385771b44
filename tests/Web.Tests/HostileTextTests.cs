using System.Net;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Web.Components.Parts;

namespace ErrorPipeline.Web.Tests;

public class HostileTextTests
{
    [Test]
    public async Task Pages_ShowingHostileErrors_EncodeAllOfThem()
    {
        var visitor = Shared.Ann;
        foreach (var path in await SeedAsync(Shared.Rig))
        {
            using var answer = await visitor.GetAsync(path);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.Redirect)
                continue;
            answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0}: {1}", path, text);
            if (answer.Content.Headers.ContentType!.MediaType != "text/html")
            {
                answer.Content.Headers.ContentType.MediaType.Should().BeOneOf("application/json", "application/x-ndjson", "text/csv", "text/plain", "text/event-stream");
                answer.Headers.GetValues("X-Content-Type-Options").Should().Equal(["nosniff"], path);
                if (path.EndsWith(".json", StringComparison.Ordinal))
                    text.Should().NotContain("<script", "{0}", path);
                else if (answer.Content.Headers.ContentType.MediaType is "text/csv" or "application/x-ndjson")
                    answer.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment", path);
                continue;
            }

            text.Should().NotContain("<script>pwned", "{0}", path).And.NotContain("<img", "{0}", path).And.NotContain("<iframe", "{0}", path)
                .And.NotContain("<base", "{0}", path).And.NotContain("<svg onload", "{0}", path).And.NotContain("evil.example>", "{0}", path);
            text.Should().NotMatchRegex("href=\"(?i:javascript|data):", "{0}", path);
            text.Should().NotMatchRegex("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u0000-\u0008\u001b]", "{0}", path);
        }
    }

    [Test]
    public async Task Browser_OpeningHostileErrors_RunsNothingAndAsksNobodyElse()
    {
        await using var rig = await DashboardRig.StartAsync();
        var paths = await SeedAsync(rig);
        await using var chromium = await Chromium.LaunchAsync();
        await using var context = await chromium.Browser.NewContextAsync(new() { BaseURL = rig.Url.ToString() });
        var page = await context.NewPageAsync();
        var trouble = new List<string>();
        await page.ExposeFunctionAsync("pwned", () => trouble.Add("a script ran"));
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(rig.Url.ToString(), StringComparison.Ordinal))
                trouble.Add("request to " + request.Url);
        };
        page.Console += (_, message) =>
        {
            // A page that is no HTML cannot say where its icon is: the browser looks where there is none.
            if (message.Type == "error" && !message.Location.Contains("/favicon.ico", StringComparison.Ordinal))
                trouble.Add($"console: {message.Text} {message.Location}");
        };
        page.PageError += (_, error) => trouble.Add("page: " + error);
        page.Dialog += (_, dialog) => trouble.Add("dialog: " + dialog.Message);

        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=Email]", DashboardRig.Email);
        await page.FillAsync("[name=Password]", DashboardRig.Password);
        await page.ClickAsync("button.main");
        foreach (var path in paths)
        {
            // A download is none of the browser's business but to keep.
            if (path.StartsWith("/api/v1/issues/export", StringComparison.Ordinal))
                continue;
            await page.GotoAsync(path, new() { WaitUntil = Microsoft.Playwright.WaitUntilState.DOMContentLoaded });
            var wide = !await page.EvaluateAsync<bool>("document.contentType === 'text/html' && document.styleSheets.length > 0") ? 0 : await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            wide.Should().BeLessThanOrEqualTo(0, "long text must not widen {0}", path);
        }

        trouble.Should().BeEmpty();
    }

    [Test]
    public void Plain_TextThatReorders_IsMadeVisible() =>
        Foreign.Plain("a\u202eb\ud83d\ude00\ud800\tc").Should().Be("a[U+202E]b\ud83d\ude00[U+D800]\tc");

    /// <summary>Stores one issue of each payload and answers every page that shows any of them.</summary>
    private static async Task<IReadOnlyList<string>> SeedAsync(DashboardRig rig)
    {
        var project = (await rig.Config.CreateProjectAsync("<img src=x onerror=pwned()>\u202e", TimeProvider.System.GetUtcNow(), CancellationToken.None)).Id;
        await rig.Config.SetLinksAsync(
            project, new() { Source = "https://git.example/{release}/{commit|main}/{file}#{line}", Commit = "https://git.example/{commit}", GitHub = "https://git.example", Jira = "https://git.example", JiraProject = 1 },
            CancellationToken.None);
        foreach (var evil in HostileText.Payloads)
            await rig.Config.SetReleaseCommitsAsync(project, evil, [new(evil, evil, evil, long.MaxValue, [evil, "a/" + evil])], TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var changes = await rig.ApplyAsync(new DeltaBatch
        {
            Issues = [.. HostileText.Payloads.Select((evil, i) => HostileText.Delta(project, evil, i))],
            Outcomes = [.. HostileText.Payloads.Take(5).Select(evil => new OutcomeCount(project, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60, "filtered:" + evil, 1))],
        });
        changes.Count.Should().BeGreaterThan(HostileText.Payloads.Length - 3, "the store takes what normalize would have cleaned");
        var samples = await rig.Store.ListSamplesAsync(changes[0].IssueId, 10, CancellationToken.None);
        samples.Should().NotBeEmpty();
        var known = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["project"] = $"{project}",
            ["event"] = samples[0].EventId,
            ["eventId"] = samples[0].EventId,
            ["issue"] = $"{changes[0].IssueId}",
            ["other"] = $"{changes[1].IssueId}",
            ["release"] = HostileText.Payloads[0],
            ["client"] = "snippet",
        };
        return
        [
            .. Endpoints.Readings(rig, known),
            "/issues?state=all", $"/issues?project={project}&state=all", "/issues?q=" + Uri.EscapeDataString("\"><script>pwned()</script>") + "&env=" + Uri.EscapeDataString("\"><script>pwned()</script>"),
            "/projects", $"/projects/{project}", $"/projects/{project}/setup", "/pipeline",
            .. changes.Select(c => $"/issues/{project}/{c.IssueId}"),
            .. changes.SelectMany(c => new[] { $"/issues/{project}/{c.IssueId}/events", $"/issues/{project}/{c.IssueId}/users" }),
            $"/issues/{project}/{changes[0].IssueId}/events?browser=" + Uri.EscapeDataString("\"><script>pwned()</script>"), $"/projects/{project}/links",
            .. samples.Select(s => $"/events/{project}/{s.EventId}.json"),
            .. samples.Select(s => $"/events/{project}/{s.EventId}.txt"),
        ];
    }
}

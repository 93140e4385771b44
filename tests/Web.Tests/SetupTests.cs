using System.Net;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.Settings;
using ErrorPipeline.Web.Setup;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Tests;

/// <summary>The setup pages: the code they show, what they send, and when they turn green.</summary>
public class SetupTests
{
    private static IEnumerable<string> Slugs => Guides.All.Select(guide => guide.Slug);

    [TestCaseSource(nameof(Slugs))]
    public async Task Page_OfAClient_HasTheProjectsOwnKeyAndAddress(string slug)
    {
        var project = await Shared.ProjectAsync();
        var key = (await Shared.Rig.Config.GetProjectAsync(project, CancellationToken.None))!.Keys.Single().Key;

        var page = WebUtility.HtmlDecode(await Shared.Ann.ReadAsync($"/projects/{project}/setup/{slug}"));

        page.Should().Contain(key).And.Contain("127.0.0.1:5081").And.Contain("Send a test event").And.Contain("Nothing yet");
        page.Should().NotContain("errors.example").And.NotMatchRegex(@"\bKEY\b", "it is filled in");
    }

    [Test]
    public async Task List_OfAProject_NamesEveryClientAndWhatArrives()
    {
        var project = await Shared.ProjectAsync();
        await ApplyAsync(project, "sentry", 3, received: 1_000);

        var page = await Shared.Ann.ReadAsync($"/projects/{project}/setup");

        page.Should().ContainAll(Guides.All.Select(guide => $"/projects/{project}/setup/{guide.Slug}\"")).And.Contain("3 events");
    }

    [Test]
    public async Task Arrival_OfTheSitesOwnFirstEvent_TurnsGreenWithItsIssue()
    {
        var project = await Shared.ProjectAsync();
        var box = $"/projects/{project}/setup/sentry/arrival";
        (await Shared.Ann.ReadAsync(box)).Should().Contain("Nothing yet");
        await ApplyAsync(project, "bugsnag", 1, received: 1_000);
        (await Shared.Ann.ReadAsync(box)).Should().Contain("Nothing yet", "that was another client's");

        var issue = await ApplyAsync(project, "sentry", 2, received: 2_000);

        (await Shared.Ann.ReadAsync(box)).Should().Contain("arrived").And.Contain($"/issues/{project}/{issue}");
        (await Shared.Ann.ReadAsync($"{box}?after=2000")).Should().Contain("waiting").And.NotContain("arrived");
        await ApplyAsync(project, "sentry", 1, received: 2_001);
        (await Shared.Ann.ReadAsync($"{box}?after=2000")).Should().Contain("arrived");
    }

    [Test]
    public async Task Test_OfEveryClient_IsAnEventOfItsOwnEachTime()
    {
        var project = await Shared.ProjectAsync();
        foreach (var slug in Slugs)
        {
            using var test = JsonDocument.Parse(await Shared.Ann.ReadAsync($"/projects/{project}/setup/{slug}/test"));
            test.RootElement.GetProperty("url").GetString().Should().StartWith("http://127.0.0.1:5081/");
            test.RootElement.GetProperty("headers").GetProperty("Content-Type").GetString().Should().NotBeEmpty();
            test.RootElement.GetProperty("body").GetString().Should().Contain(slug == "browser" ? "blocked-uri" : TestEvents.Message);
            test.RootElement.GetProperty("after").GetInt64().Should().Be(0);
        }

        (await Shared.Ann.ReadAsync($"/projects/{project}/setup/sentry/test")).Should().NotBe(await Shared.Ann.ReadAsync($"/projects/{project}/setup/sentry/test"));
    }

    [Test]
    public async Task Send_WithoutScriptsToACollectorThatIsAway_SaysSo()
    {
        await using var rig = await DashboardRig.StartAsync("--Web:CollectorUrl", $"http://127.0.0.1:{FreePort.Take()}");
        using var visitor = await rig.VisitSignedInAsync();
        var project = (await rig.Config.ListProjectsAsync(CancellationToken.None))[0].Id;

        using var answer = await visitor.PostAsync($"/projects/{project}/setup/sentry", $"/projects/{project}/setup/sentry/test");

        answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("could not reach the collector");
    }

    [TestCase("/projects/{0}/setup/nothing")]
    [TestCase("/projects/{0}/setup/nothing/test")]
    [TestCase("/projects/{0}/setup/nothing/arrival")]
    [TestCase("/projects/999999/setup")]
    [TestCase("/projects/999999/setup/sentry")]
    public async Task Page_OfNothing_IsMissing(string path)
    {
        using var answer = await Shared.Ann.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, await Shared.ProjectAsync()));
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [TestCase("https://errors.example.com", "https://abc@errors.example.com/1", "https://errors.example.com/notify")]
    [TestCase("http://localhost:5081/", "http://abc@localhost:5081/1", "http://localhost:5081/notify")]
    [TestCase("https://example.com/errors/", "https://abc@example.com/errors/1", "https://example.com/errors/notify")]
    [TestCase("https://example.com/o'brien", "https://abc@example.com/o%27brien/1", "https://example.com/o%27brien/notify")]
    public void Code_FilledIn_IsOfThatAddress(string collector, string dsn, string notify)
    {
        var filled = new FilledIn(new Snippet(Options.Create(new ServeOptions { CollectorUrl = collector })), new ProjectKey("abc", 0, null));

        filled[Guides.Find("sentry")!.Change[0]].Should().Be($"dsn: '{dsn}',");
        filled[Guides.Find("bugsnag")!.Change[0]].Should().Contain($"notify: '{notify}'");
    }

    /// <summary>ACCEPT_DOCS=1 writes it anew.</summary>
    [Test]
    public void DocsOfClients_SayWhatThePagesShow()
    {
        const string begin = "<!-- The guides of web/Setup, written by SetupTests: change them there. -->\n";
        const string end = "<!-- End of the guides. -->\n";
        var path = Path.Combine(Places.Root, "docs", "clients-setup.md");
        var text = File.ReadAllText(path);
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, StringComparison.Ordinal);
        var wanted = Markdown();
        if (Environment.GetEnvironmentVariable("ACCEPT_DOCS") == "1")
            File.WriteAllText(path, text[..from] + wanted + text[to..]);

        text[from..to].Should().Be(wanted);
    }

    private static string Markdown()
    {
        var text = new StringBuilder();
        foreach (var guide in Guides.All.Where(guide => guide.Slug != "snippet"))
        {
            text.Append($"\n## {guide.Name}\n\nFor {guide.Package}.\n");
            foreach (var (title, steps) in new[] { ("Already using it", guide.Change), ("New to it", guide.New) }.Where(part => part.Item2.Count > 0))
            {
                if (guide.Change.Count > 0)
                    text.Append($"\n### {guide.Name}: {char.ToLowerInvariant(title[0])}{title[1..]}\n");
                foreach (var step in steps)
                    text.Append($"\n{step.Says}\n\n{string.Join('\n', step.Code.Split('\n').Select(line => line.Length == 0 ? "" : "    " + line))}\n");
            }

            foreach (var note in guide.Notes)
                text.Append($"\n{note}\n");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>The issue that changed.</summary>
    private static async Task<long> ApplyAsync(int project, string client, long count, long received) =>
        (await Shared.Rig.ApplyAsync(Some.Delta(project, $"{client}-{received}") with { Clients = [new(client, count, received)] }))[0].IssueId;
}

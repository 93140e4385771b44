using System.Net;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Issues;

namespace ErrorPipeline.Web.Tests;

/// <summary>What the pages of one issue show, and the links between them; all of it without scripts.</summary>
public class IssuePageTests
{
    [Test]
    public async Task Permalink_ByShortId_LeadsToTheIssue_AlsoAfterAMerge()
    {
        await using var rig = await DashboardRig.StartAsync();
        var project = await rig.Config.CreateProjectAsync("Web shop", TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var issues = (await rig.ApplyAsync(Some.Delta(project.Id, "a"), Some.Delta(project.Id, "b"))).Select(change => change.IssueId).ToList();
        using var visitor = await rig.VisitSignedInAsync();
        var name = ShortId.Of("WEBSHOP", issues[1]);

        (await Location(visitor, $"/i/{name}")).Should().Be($"/issues/{project.Id}/{issues[1]}");
        (await Location(visitor, $"/i/{name.ToLowerInvariant()}?range=7d")).Should().Be($"/issues/{project.Id}/{issues[1]}?range=7d");
        (await visitor.ReadAsync($"/issues/{project.Id}/{issues[1]}")).Should().Contain($"href=\"/i/{name}\"").And.Contain($"data-copy=\"/i/{name}\"");
        (await visitor.ReadAsync($"/issues?project={project.Id}")).Should().Contain($">{name}<");

        var path = $"/issues/{project.Id}/{issues[0]}";
        using var merged = await MergeTests.WhileApplyingAsync(rig, visitor.PostAsync(path, path + "/merge", ("with", $"{issues[1]}")));
        (await Location(visitor, $"/i/{name}")).Should().Be($"{path}?moved={issues[1]}");
        (await Location(visitor, $"/issues/{project.Id}/{issues[1]}/events")).Should().Be($"{path}/events?moved={issues[1]}");
        (await visitor.ReadAsync($"{path}?moved={issues[1]}")).Should().Contain($"{name} is part of this issue now");

        foreach (var wrong in (string[])["/i/WEBSHOP-ZZ", "/i/OTHER-1", "/i/nothing", "/i/%3Cscript%3E-1"])
        {
            using var answer = await visitor.GetAsync(wrong);
            answer.StatusCode.Should().Be(HttpStatusCode.NotFound, "{0}", wrong);
        }
    }

    [Test]
    public async Task Stack_OfMappedFrames_IsOpenMarkedLinkedAndText()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.Config.SetLinksAsync(project, new() { Source = "https://git.example/shop/{release}/{file}#L{line}", GitHub = "https://git.example/shop" }, CancellationToken.None);
        var sample = Some.Sample("stack" + project);
        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(project, "stack", samples: sample)))[0].IssueId;

        var page = await Shared.Ann.ReadAsync($"/issues/{project}/{issue}");

        page.Should().Contain("<details open>").And.Contain("<mark><bdi>discount</bdi></mark>").And.Contain("3 frames of libraries</summary>");
        page.Should().Contain("href=\"https://git.example/shop/shop-4.18.2/src/checkout.ts#L118\"").And.Contain("Caused by").And.Contain("in GitHub</a>");
        page.Should().Contain("https://git.example/shop/issues/new?title=TypeError");
        using var text = await Shared.Ann.GetAsync($"/events/{project}/{sample.EventId}.txt");
        text.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
        (await text.Content.ReadAsStringAsync()).Should().StartWith(
            "TypeError: Cannot read properties of undefined (reading 'toFixed')\n    at priceOf (src/checkout.ts:118:24)\n    at Array.map (<anonymous>)\n").And.Contain("\nCaused by: SyntaxError: ");
        (await Shared.Ann.ReadAsync($"/events/{project}/{sample.EventId}.txt?raw=true")).Should().Be(sample.Error.RawStack);
    }

    [Test]
    public async Task Commits_ToldWithTheRelease_AreSuspectWhereTheyTouchedTheStack()
    {
        await using var rig = await DashboardRig.StartAsync();
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), CancellationToken.None)).Id;
        await rig.Config.SetLinksAsync(project, new() { Commit = "https://git.example/commit/{commit}", Source = "https://git.example/{commit}/{file}" }, CancellationToken.None);
        var delta = Some.Delta(project, "a", samples: Some.Sample("a1"));
        var issue = (await rig.ApplyAsync(delta with { Releases = [new("shop-4.18.2", delta.Count, delta.LastReceived, delta.LastReceived)] }))[0].IssueId;
        using var visitor = await rig.VisitSignedInAsync();
        (await visitor.ReadAsync($"/issues/{project}/{issue}")).Should().NotContain("Suspect commits");
        using var api = new HttpClient { BaseAddress = rig.Url };
        api.DefaultRequestHeaders.Authorization = new("Bearer", DashboardRig.UploadToken);

        using var ours = await MergeTests.WhileApplyingAsync(rig, SendAsync(api, HttpMethod.Post, $"/api/v1/projects/{project}/releases", """
            {"version":"shop-4.18.2","commits":[{"id":"1111111111aaaa","author":"Ann","message":"Round prices\n\nlong","timestamp":"2026-11-21T17:00:00Z","files":["web/src/checkout.ts"]},
            {"id":"2222222222bbbb","message":"Write a page","timestamp":"2026-11-21T18:00:00Z","files":["docs/a.md"]}, 7, {"id":null}]}
            """));

        ours.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var page = await visitor.ReadAsync($"/issues/{project}/{issue}");
        page.Should().Contain("Suspect commits").And.Contain("Round prices").And.Contain("href=\"https://git.example/commit/1111111111aaaa\"").And.Contain("<code>1111111111</code>");
        page.Should().NotContain("Write a page").And.NotContain("long</").And.Contain("href=\"https://git.example/2222222222bbbb/src/checkout.ts\"", "the newest commit is the release's state");

        using var sentry = await MergeTests.WhileApplyingAsync(rig, SendAsync(api, HttpMethod.Put, $"/api/0/projects/any/{project}/releases/shop-4.18.2/", """
            {"commits":[{"id":"3333333333cccc","repository":"shop","author_name":"Bob","author_email":"bob@example.com","message":"Change nothing","timestamp":"2026-11-21T19:00:00Z","patch_set":[{"path":"README.md","type":"M"}]}]}
            """));
        sentry.StatusCode.Should().Be(HttpStatusCode.OK, await sentry.Content.ReadAsStringAsync());
        (await visitor.ReadAsync($"/issues/{project}/{issue}")).Should().Contain("The one commit").And.Contain("touched no file of the stack");
        using var silent = await MergeTests.WhileApplyingAsync(rig, SendAsync(api, HttpMethod.Put, $"/api/0/projects/any/{project}/releases/shop-4.18.2/", """{"dateReleased":"2026-11-21T19:00:00Z"}"""));
        (await rig.Config.ListReleaseCommitsAsync(project, "shop-4.18.2", CancellationToken.None)).Should().ContainSingle("what tells of no commits forgets none").Which.Author.Should().Be("Bob");
    }

    [Test]
    public async Task Chart_ByHourAndDay_MarksReleasesAndHasATable()
    {
        var project = await Shared.ProjectAsync();
        var delta = Some.Delta(project, "trend", hours: 60, byHour: _ => 2);
        var issue = (await Shared.Rig.ApplyAsync(delta with
        {
            Releases = [new("shop-1.0", 20, delta.FirstSeen, delta.LastReceived), new("shop-1.1", 100, delta.LastReceived - 3_600_000, delta.LastReceived)],
        }))[0].IssueId;
        var path = $"/issues/{project}/{issue}";

        var hours = await Shared.Ann.ReadAsync(path + "?range=7d");
        hours.Should().Contain("120 events by hour, UTC, 2 new releases").And.Contain(">shop-1.1</text>").And.Contain("shop-1.0, first seen").And.Contain("the issue was first seen in it").And.Contain("aria-label=\"120 events from");
        hours.Should().Contain("First seen").And.Contain("in <bdi>shop-1.0</bdi>");
        (await Shared.Ann.ReadAsync(path + "?range=24h")).Should().Contain("48 events by hour, UTC, 1 new release");
        (await Shared.Ann.ReadAsync(path + "?range=30d")).Should().Contain("120 events by day, UTC");
        (await Shared.Ann.ReadAsync(path + "?range=nonsense")).Should().Contain("120 events by hour");
    }

    [Test]
    public async Task Facets_OverRepresented_SaySoAndLeadToTheirEvents()
    {
        var project = await Shared.ProjectAsync();
        IssueDelta Of(string name, string browser, long count) => Some.Delta(project, name, count: count, samples: Some.Sample(name + project, browser: browser)) with { Facets = [new("browser", browser, count)] };
        var changes = await Shared.Rig.ApplyAsync(Of("hint", "Safari 17", 60), Of("hint-other", "Chrome 142", 900), Of("hint-third", "Safari 17", 50), Of("hint-few", "Safari 17", 5));
        var path = $"/issues/{project}/{changes[0].IssueId}";

        var page = await Shared.Ann.ReadAsync(path);

        page.Should().Contain("class=\"hint\" title=\"100% of this issue&#x27;s events, 5.76% of the project&#x27;s others: 17&#xD7; over-represented\">17&#xD7;<");
        page.Should().Contain($"href=\"{path}/events?browser=Safari%2017\"");
        (await Shared.Ann.ReadAsync($"/issues/{project}/{changes[3].IssueId}")).Should().NotContain("class=\"hint\"", "five events tell nothing");
    }

    [Test]
    public async Task Events_InATable_AreNarrowedSortedAndPaged()
    {
        var project = await Shared.ProjectAsync();
        var now = TimeProvider.System.GetUtcNow();
        var samples = Enumerable.Range(0, 60).Select(n => Some.Sample($"row{n}-{project}", now.AddMinutes(-n), browser: n % 2 == 0 ? "Chrome 142" : "Firefox 145") is var s
            ? s with { Occurrence = s.Occurrence with { UserKey = $"user{n % 3}" }, NoveltyKey = $"n{n}" } : null!).ToArray();
        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(project, "rows", count: 100, samples: samples)))[0].IssueId;
        var path = $"/issues/{project}/{issue}";

        var first = await Shared.Ann.ReadAsync(path + "/events");
        Rows(first).Should().Be(25);
        first.Should().Contain("60 events of the 60 that are kept").And.Contain($"href=\"{path}/events?page-number=2\"").And.NotContain("Previous page");
        Rows(await Shared.Ann.ReadAsync(path + "/events?page-number=3")).Should().Be(10);
        var firefox = await Shared.Ann.ReadAsync(path + "/events?browser=Firefox+145&user=user1&sort=page");
        Rows(firefox).Should().Be(10);
        firefox.Should().Contain("Browser: <bdi>Firefox 145</bdi>").And.Contain($"href=\"{path}/events?user=user1&amp;sort=page\"").And.Contain("Ann").And.NotContain("<td><bdi>Chrome 142<");
        (await Shared.Ann.ReadAsync(path + "/events?browser=Lynx")).Should().Contain("Nothing matches");
        (await Shared.Ann.ReadAsync(path + "/events?page-number=-1&sort=evil")).Should().Contain("Next page");

        var users = await Shared.Ann.ReadAsync(path + "/users");
        Rows(users).Should().Be(3);
        users.Should().Contain("Ann").And.Contain($"href=\"{path}/events?user=user0\"").And.Contain(">20<");
    }

    [Test]
    public async Task Users_ThatNobodyTold_AreExplained()
    {
        var project = await Shared.ProjectAsync();
        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(project, "nobody", users: 0)))[0].IssueId;

        (await Shared.Ann.ReadAsync($"/issues/{project}/{issue}/users")).Should().Contain("Nobody is known").And.Contain("Neither the site nor a session");
        (await Shared.Ann.ReadAsync($"/issues/{project}/{issue}/events")).Should().Contain("No event is kept");
        foreach (var page in (string[])["", "/events", "/users"])
            (await Shared.Ann.GetAsync($"/issues/{project}/999999{page}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Related_ByVisitorPageAndRelease_AreLinked()
    {
        var project = await Shared.ProjectAsync();
        IssueDelta Of(string name, string message, string user) => Some.Delta(project, name, message: message, samples: Some.Sample(name + project) is var s
            ? s with { Occurrence = s.Occurrence with { UserKey = user } } : null!) is var delta ? delta with { Releases = [new("r-" + user, delta.Count, delta.LastReceived, delta.LastReceived)] } : null!;
        var changes = await Shared.Rig.ApplyAsync(Of("rel-a", "first", "u1"), Of("rel-b", "second", "u1"), Of("rel-c", "third", "u2"));

        var page = await Shared.Ann.ReadAsync($"/issues/{project}/{changes[0].IssueId}");

        page.Should().Contain("Met by the same visitors").And.Contain("On the same page").And.Contain("First seen in the same release");
        page.Split($"href=\"/issues/{project}/{changes[1].IssueId}\"").Should().HaveCount(4, "it shares all three");
        page.Split($"href=\"/issues/{project}/{changes[2].IssueId}\"").Should().HaveCount(2, "it shares the page alone");
    }

    [Test]
    public async Task Breadcrumbs_ALongTrail_IsFoldedBeforeItsEnd()
    {
        var project = await Shared.ProjectAsync();
        var sample = Some.Sample("crumbs" + project);
        sample = sample with
        {
            Context = sample.Context with { Breadcrumbs = [.. Enumerable.Range(0, 40).Select(n => new Breadcrumb(sample.Occurrence.At - ((40 - n) * 1000), n % 2 == 0 ? "ui.click" : "xhr", "info", $"step {n}", null))] },
        };
        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(project, "crumbs", samples: sample)))[0].IssueId;

        var page = await Shared.Ann.ReadAsync($"/issues/{project}/{issue}");

        page.Should().Contain("28 earlier steps").And.Contain("step 39").And.Contain("<span class=\"before\">&#x2212;1 s</span>").And.Contain("class=\"level-error here\"");
    }

    [Test]
    public async Task Links_Saved_AreKeptAndWrongOnesExplained()
    {
        var project = await Shared.ProjectAsync();
        var page = $"/projects/{project}/links";

        using var wrong = await Shared.Ann.PostAsync(page, page, ("Source", "javascript:{file}"), ("Jira", "https://jira.example"), ("JiraProject", "many"));
        var told = await wrong.Content.ReadAsStringAsync();
        wrong.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        told.Should().Contain("Source: ").And.Contain("Jira project: write its number").And.Contain("value=\"javascript:{file}\"", "what was typed stays");

        using var right = await Shared.Ann.PostAsync(page, page, ("GitHub", " https://git.example/shop/ "), ("Source", ""));
        right.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await Shared.Rig.Config.GetProjectAsync(project, CancellationToken.None))!.Links.Should().Be(new ProjectLinks { GitHub = "https://git.example/shop" });
        (await Shared.Ann.ReadAsync(page + "?saved=true")).Should().Contain("Saved.").And.Contain("value=\"https://git.example/shop\"");
        (await Shared.Ann.GetAsync("/projects/987654/links")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static int Rows(string page) => page.Split("<tr>").Length - 2;

    private static async Task<string?> Location(Visitor visitor, string path)
    {
        using var answer = await visitor.GetAsync(path);
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect, "{0}", path);
        return answer.Headers.Location?.OriginalString;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient api, HttpMethod method, string address, string json)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return await api.SendAsync(request);
    }
}

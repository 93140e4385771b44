using System.Net;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Tests;

/// <summary>States, people, comments, many at once and taking back: by links and forms, as a browser without scripts has them.</summary>
public partial class TriageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Test]
    public async Task Bulk_ByTheForm_ChangesAllChosenAndIsTakenBackByAButton()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (project, issues) = await ManyAsync(rig, 5);
        using var visitor = await rig.VisitSignedInAsync();
        var list = $"/issues?project={project}&sort=count";
        var chosen = issues.Take(3).Select(issue => ("issue", $"{project}:{issue}")).ToArray();

        using var changed = await WhileApplyingAsync(rig, 3, visitor.PostAsync(list, "/issues/bulk", [("do", "resolve"), ("in", "next"), ("back", list), .. chosen]));
        var after = changed.Headers.Location!.ToString();
        after.Should().StartWith(list + "&done=resolve.3.");
        var html = await visitor.ReadAsync(after);
        html.Should().Contain("3 issues resolved").And.Contain("Undo");
        Rows(html).Should().Equal(issues.Skip(3).Reverse());
        (await visitor.ReadAsync($"/issues?project={project}&state=resolved")).Should().Contain("state-resolved");

        var batch = Batch().Match(html).Groups["batch"].Value;
        using var restored = await WhileApplyingAsync(rig, 1, visitor.PostAsync(after, "/issues/restore", ("batch", batch), ("count", "3"), ("back", list)));
        html = await visitor.ReadAsync(restored.Headers.Location!.ToString());
        Rows(html).Should().BeEquivalentTo(issues);
        html.Should().Contain("3 issues as before").And.NotContain("action=\"/issues/restore\"");
    }

    [Test]
    public async Task Bulk_Delete_IsAskedForFirst()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (project, issues) = await ManyAsync(rig, 3);
        using var visitor = await rig.VisitSignedInAsync();
        var list = $"/issues?project={project}";

        using var asked = await visitor.PostAsync(list, "/issues/bulk", ("do", "delete"), ("back", list), ("issue", $"{project}:{issues[0]}"));
        (await asked.Content.ReadAsStringAsync()).Should().Contain("Delete 1 issue?").And.Contain($"value=\"{project}:{issues[0]}\"").And.Contain("number 0");
        (await rig.Store.GetIssueAsync(project, issues[0], default)).Should().NotBeNull();

        using var deleted = await WhileApplyingAsync(rig, 1, visitor.PostAsync(list, "/issues/bulk", ("do", "delete-now"), ("back", list), ("issue", $"{project}:{issues[0]}")));
        var html = await visitor.ReadAsync(deleted.Headers.Location!.ToString());
        html.Should().Contain("1 issue deleted").And.NotContain("Undo");
        (await rig.Store.GetIssueAsync(project, issues[0], default)).Should().BeNull();
    }

    [Test]
    public async Task Bulk_Merge_LeadsToItsPreview_OfOneProjectOnly()
    {
        var visitor = Shared.Ann;
        using var one = await visitor.PostAsync("/account", "/issues/bulk", ("do", "merge"), ("issue", "7:1"), ("issue", "7:2"), ("issue", "7:3"));
        one.Headers.Location!.ToString().Should().Be("/issues/7/1/merge?with=2&with=3");
        using var other = await visitor.PostAsync("/account", "/issues/bulk", ("do", "merge"), ("issue", "7:1"), ("issue", "8:2"));
        other.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await other.Content.ReadAsStringAsync()).Should().Contain("all of the same project");
    }

    [TestCase("resolve", "//evil.example", "/issues")]
    [TestCase("resolve", "https://evil.example", "/issues")]
    [TestCase("resolve", "/issues\\@evil.example", "/issues")]
    [TestCase("resolve", "/account", "/issues")]
    public async Task Bulk_WithNothingChosen_GoesBackAndNowhereElse(string kind, string back, string to)
    {
        using var answer = await Shared.Ann.PostAsync("/account", "/issues/bulk", ("do", kind), ("back", back));
        answer.Headers.Location!.ToString().Should().Be(to);
    }

    [TestCase("explode")]
    [TestCase("")]
    [TestCase("comment")]
    public async Task Bulk_OfAnotherKind_IsRefused(string kind)
    {
        using var answer = await Shared.Ann.PostAsync("/account", "/issues/bulk", ("do", kind), ("issue", "1:1"), ("issue", "x"), ("issue", "1:-1"), ("issue", "::"));
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Issue_IgnoredAssignedAndTalkedOf_ShowsIt()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (project, issues) = await ManyAsync(rig, 1);
        using var visitor = await rig.VisitSignedInAsync();
        var path = $"/issues/{project}/{issues[0]}";

        using var ignored = await WhileApplyingAsync(rig, 1, visitor.PostAsync(path, path + "/ignore", ("until", "events:100")));
        ignored.Headers.Location!.ToString().Should().StartWith(path + "?done=ignore.1.");
        (await visitor.ReadAsync(path)).Should().Contain("state-ignored").And.Contain("101 events in all: 100 more").And.Contain("Ignored until 100 events");
        using var assigned = await WhileApplyingAsync(rig, 1, visitor.PostAsync(path, path + "/assign", ("assignee", DashboardRig.Email)));
        (await visitor.ReadAsync(path)).Should().Contain($"Assigned to <bdi>{DashboardRig.Email}</bdi>");
        (await visitor.ReadAsync($"/issues?project={project}&state=all&q=assigned:me")).Should().Contain("number 0").And.Contain("class=\"assignee\"");
        (await visitor.ReadAsync($"/issues?project={project}&state=all&q=-assigned:me")).Should().NotContain("number 0");

        using var said = await WhileApplyingAsync(rig, 1, visitor.PostAsync(path, path + "/comment", ("text", "it is <script>the cart</script>")));
        var html = await visitor.ReadAsync(path);
        html.Should().Contain("it is &lt;script&gt;the cart&lt;/script&gt;");
        var comment = Comment().Match(html).Groups["id"].Value;
        using var unsaid = await WhileApplyingAsync(rig, 1, visitor.PostAsync(path, path + "/uncomment", ("comment", comment)));
        (await visitor.ReadAsync(path)).Should().NotContain("the cart");
    }

    [Test]
    public async Task Search_Saved_IsThereForItsOwnerAndForAllWhereShared()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (project, _) = await ManyAsync(rig, 1);
        var bob = await rig.Config.CreateUserAsync("bob@example.com", (await rig.Config.FindUserAsync(DashboardRig.Email, default))!.PasswordHash, DateTimeOffset.UnixEpoch, default);
        using var visitor = await rig.VisitSignedInAsync();
        using var other = rig.Visit();
        using var signedIn = await other.SignInAsync(bob.Email, DashboardRig.Password);
        var list = $"/issues?project={project}&q=number";

        using var mine = await visitor.PostAsync(list, "/searches", ("name", "mine <b>"), ("query", $"?project={project}&q=number&after=x&evil=//x"));
        mine.Headers.Location!.ToString().Should().Be(list);
        using var shared = await visitor.PostAsync(list, "/searches", ("name", "what came back"), ("query", "?q=is:regressed"), ("shared", "yes"));

        (await visitor.ReadAsync(list)).Should().Contain("mine &lt;b&gt;").And.Contain($"/issues?project={project}&amp;q=number\"").And.Contain("what came back");
        (await other.ReadAsync("/issues")).Should().NotContain("mine &lt;b&gt;").And.Contain("what came back");
        var id = (await rig.Config.ListSearchesAsync(bob.Id, default)).Single().Id;
        using var refused = await other.PostAsync("/issues", $"/searches/{id}/delete");
        (await other.ReadAsync("/issues")).Should().Contain("what came back");
        using var deleted = await visitor.PostAsync("/issues", $"/searches/{id}/delete");
        (await other.ReadAsync("/issues")).Should().NotContain("what came back");
    }

    [Test]
    public async Task List_Searched_UnderstandsAndSaysWhatItDoesNot()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(
            Some.Delta(project, "s1", message: "kettle is cold", count: 10, users: 3, samples: Some.Sample("s1")), Some.Delta(project, "s2", message: "teapot is empty", count: 5, level: "warning", environment: "staging"));
        async Task Shows(string typed, bool kettle, bool teapot)
        {
            var html = await Shared.Ann.ReadAsync($"/issues?project={project}&q={Uri.EscapeDataString(typed)}");
            html.Contains("kettle is cold").Should().Be(kettle, typed);
            html.Contains("teapot is empty").Should().Be(teapot, typed);
        }

        await Shows("kettle", true, false);
        await Shows("-kettle", false, true);
        await Shows("count:>5", true, false);
        await Shows("level:warning", false, true);
        await Shows("env:staging", false, true);
        await Shows("browser:chrome", true, true);
        await Shows("browser:\"chrome 142\" users:>2", true, false);
        await Shows("frame:checkout.js", true, false);
        await Shows("is:resolved", false, false);
        await Shows("is:new age:<1h", true, true);
        await Shows("is:open is:ignored", false, false);
        await Shows("user:nobody", false, false);
        (await Shared.Ann.ReadAsync($"/issues?project={project}&q=brwser:safari")).Should().Contain("did you mean browser?");
        (await Shared.Ann.ReadAsync($"/issues?project={project}&q=user:nobody")).Should().Contain("No issue of that user");
        (await Shared.Ann.ReadAsync($"/issues?project={project}&state=resolved&q=is:open")).Should().Contain("kettle is cold").And.Contain("state=resolved", "an old address goes on working");
    }

    [TestCase("\"><script>alert(1)</script>")]
    [TestCase("is:\"><img src=x onerror=alert(1)>")]
    [TestCase("browser:\" OR 1=1 --")]
    [TestCase("browser:*")]
    [TestCase("release:%_'\"\\")]
    [TestCase("\0\ud800 a\u202eb:\u0000")]
    [TestCase("user:\u0000")]
    [TestCase("{\"$gt\":\"\"}")]
    [TestCase("count:>99999999999999999999999 age:<999999999y")]
    public async Task List_SearchedForHostileText_IsAPageLikeAnyOther(string typed)
    {
        var html = await Shared.Ann.ReadAsync("/issues?q=" + Uri.EscapeDataString(typed + " " + string.Concat(Enumerable.Repeat("x:y ", 200))));
        html.Should().NotContain("<script>alert").And.NotContain("<img src=x");
        (await Shared.Ann.ReadAsync("/issues/suggestions?at=-5&q=" + Uri.EscapeDataString(typed))).Should().Contain("\"status\":\"success\"");
        (await Shared.Ann.ReadAsync("/issues/suggestions?at=99999&q=" + Uri.EscapeDataString(typed))).Should().Contain("\"status\":\"success\"");
    }

    [Test]
    public async Task Suggestions_WhileTyping_AreKeysThenValues()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(Some.Delta(project, "suggest", count: 100));
        async Task<string> At(string typed) => await Shared.Ann.ReadAsync($"/issues/suggestions?project={project}&q={Uri.EscapeDataString(typed)}&at={typed.Length}");

        (await At("kettle br")).Should().Contain("\"from\":7,\"to\":9").And.Contain("\"text\":\"browser:\"");
        (await At("browser:fire")).Should().Contain("browser:\\\"Firefox 145\\\"");
        (await At("is:re")).Should().Contain("is:resolved").And.Contain("is:regressed").And.NotContain("is:draining");
        (await At("assigned:")).Should().Contain("assigned:me").And.Contain(DashboardRig.Email);
        (await At("nothing:")).Should().Contain("\"items\":[]");
    }

    [Test]
    public async Task List_ByPages_GoesBackTheWayItCame()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync([.. Enumerable.Range(0, 60).Select(i => Some.Delta(project, $"back{i}", message: $"number {i}", count: 1 + (i / 7)))]);
        List<string> pages = [];
        for (var next = $"/issues?project={project}&sort=count&q=number"; next is not null; next = Link().Matches(pages[^1]).Where(m => m.Groups["rel"].Value == "next").Select(m => WebUtility.HtmlDecode(m.Groups["href"].Value)).FirstOrDefault())
            pages.Add(await Shared.Ann.ReadAsync(next));

        pages.Should().HaveCount(3);
        for (var i = 2; i > 0; i--)
        {
            var previous = Link().Matches(pages[i]).Single(m => m.Groups["rel"].Value == "prev").Groups["href"].Value;
            Rows(await Shared.Ann.ReadAsync(WebUtility.HtmlDecode(previous))).Should().Equal(Rows(pages[i - 1]));
        }
    }

    [Test]
    public async Task Scope_Chosen_GoesAlong()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(Some.Delta(project, "scope", environment: "staging"));

        var html = await Shared.Ann.ReadAsync($"/issues?project={project}&env=staging&since=7d&q=x");

        html.Should().Contain($"href=\"/issues?project={project}&amp;env=staging&amp;since=7d\"").And.Contain("<option value=\"staging\" selected>").And.Contain("<option value=\"7d\" selected>");
    }

    internal static async Task<(int Project, List<long> Issues)> ManyAsync(DashboardRig rig, int number)
    {
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), CancellationToken.None)).Id;
        var changes = await rig.ApplyAsync([.. Enumerable.Range(0, number).Select(i => Some.Delta(project, $"many{i}", message: $"number {i}", count: i + 1))]);
        return (project, [.. changes.Select(change => change.IssueId).Order()]);
    }

    private static async Task<HttpResponseMessage> WhileApplyingAsync(DashboardRig rig, int commands, Task<HttpResponseMessage> posting)
    {
        var applied = 0;
        await Deadline.Until(async () => (applied += await rig.ApplyCommandsAsync()) >= commands, Patience);
        return await posting;
    }

    private static List<long> Rows(string html) => [.. Row().Matches(html).Select(m => long.Parse(m.Groups["id"].Value))];

    [GeneratedRegex("<tr data-issue=\"(?<id>\\d+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("name=\"batch\" value=\"(?<batch>[0-9a-f]{32})\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Batch();

    [GeneratedRegex("name=\"comment\" value=\"(?<id>[0-9a-f]{32})\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("rel=\"(?<rel>next|prev)\" href=\"(?<href>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}

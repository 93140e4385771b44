using System.Net;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Web.Tests.Pages;

namespace ErrorPipeline.Web.Tests;

public class OverviewTests
{
    [Test]
    public async Task Overview_OfANewInstallation_TeachesTheNextStep()
    {
        await using var rig = await DashboardRig.StartAsync("--Web:Demo", "false");
        using var visitor = await rig.VisitSignedInAsync();
        (await visitor.ReadAsync("/")).Should().Contain("Make the first project").And.NotContain("data-live");
        await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await Deadline.Until(async () => (await visitor.ReadAsync("/")).Contains("No errors in the last day"), TimeSpan.FromSeconds(5));
    }

    [Test]
    public async Task Overview_OfAProject_ShowsItsOwnAndLeadsIntoTheList()
    {
        var (project, other) = (await Shared.ProjectAsync("Overviewed"), await Shared.ProjectAsync("Neighbour"));
        var minute = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
        await Shared.Rig.ApplyAsync(new DeltaBatch
        {
            Issues = [Some.Delta(project, "mine", message: "mine broke", count: 100, users: 3), Some.Delta(other, "theirs", message: "theirs broke")],
            Outcomes = [new(project, minute, "stored", 4_000), new(project, minute - 61, "stored", 7_000_000)],
        });

        var page = await Shared.Ann.ReadAsync($"/?project={project}");

        page.Should().Contain("mine broke").And.NotContain("theirs broke").And.Contain($"data-live=\"/overview/body?project={project}\"")
            .And.MatchRegex("Last hour</dt>\\s*<dd>\\s*4(\u202f|&#x202F;)100", "the minutes of the last hour")
            // As a word: the tokens of forms are random letters.
            .And.NotMatchRegex("(?<![\\w-])7M(?![\\w-])");
        page.Should().Contain("shop-4.18.2").And.Contain($"/projects/{project}/release?version=shop-4.18.2").And.Contain("our own code")
            .And.Contain("title=\"https://shop.example.com/checkout\"").And.Contain($"/issues?project={project}&amp;sort=first");
        (await Shared.Ann.ReadAsync("/")).Should().Contain("theirs broke").And.Contain("Neighbour");
        using var redirect = await Shared.Ann.GetAsync($"/projects/{project}/overview");
        redirect.Headers.Location!.ToString().Should().Be($"/?project={project}");
    }

    [Test]
    public async Task Overview_OfAnEnvironmentAndATime_IsNarrowedToThem_AndLeadsOnWithThem()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(
            Some.Delta(project, "prod", message: "production broke", count: 40), Some.Delta(project, "stage", message: "staging broke", count: 3, environment: "staging"));

        var page = await Shared.Ann.ReadAsync($"/?project={project}&env=staging&since=7d");

        page.Should().Contain("staging broke").And.NotContain("production broke").And.Contain("Errors per 6 hours, last 7 days").And.Contain("New in 7 days")
            .And.MatchRegex("Last 7 days</dt>\\s*<dd>\\s*3<small>").And.Contain($"data-live=\"/overview/body?project={project}&amp;env=staging&amp;since=7d\"")
            .And.Contain($"/issues?project={project}&amp;env=staging&amp;sort=first").And.Contain($"/projects/{project}/releases?env=staging&amp;since=7d").And.Contain("<option value=\"staging\" selected>");
        (await Shared.Ann.ReadAsync($"/?project={project}&env=staging")).Should().MatchRegex("Last hour</dt>\\s*<dd>\\s*3<small>", "by the minute too");
        (await Shared.Ann.ReadAsync($"/?project={project}&env=nowhere")).Should().Contain("No errors of nowhere");
        (await Shared.Ann.ReadAsync($"/overview/body?project={project}&env=staging&since=24h")).Should().Contain("Errors per hour").And.Contain("staging broke").And.NotContain("production broke");
    }

    [Test]
    public async Task Sessions_WhereClientsTellOfThem_AreOnTheOverviewAndByRelease()
    {
        var project = await Shared.ProjectAsync();
        var minute = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
        OutcomeCount Told(string kind, string release, long count) => new(project, minute, new SessionOutcome(kind, "production", release).ToString(), count);
        await Shared.Rig.ApplyAsync(Some.Delta(project, "s1", count: 5));
        (await Shared.Ann.ReadAsync($"/?project={project}")).Should().Contain("no client here tells of sessions");

        await Shared.Rig.ApplyAsync(new DeltaBatch
        {
            Issues = [Some.Delta(project, "s1", count: 5)],
            Outcomes = [Told(SessionOutcome.Started, "shop-4.18.2", 80), Told(SessionOutcome.Hit, "shop-4.18.2", 20), Told(SessionOutcome.Crashed, "shop-4.18.2", 4), Told(SessionOutcome.Started, "shop-4.18.1", 20)],
        });

        (await Shared.Ann.ReadAsync($"/?project={project}&since=24h")).Should().MatchRegex("Sessions hit</dt>\\s*<dd>\\s*20%").And.Contain("of 100 sessions, 4% crashed");
        (await Shared.Ann.ReadAsync($"/projects/{project}/releases")).Should().Contain("Free of errors").And.Contain("75%").And.Contain("80%");
        (await Shared.Ann.ReadAsync($"/projects/{project}/release?version=shop-4.18.2")).Should().MatchRegex("Sessions hit</dt>\\s*<dd>\\s*25%");
        (await Shared.Ann.ReadAsync($"/projects/{project}/releases?env=nowhere")).Should().Contain("No release in that time and environment");
        (await Shared.Ann.ReadAsync($"/api/v1/projects/{project}/release-sessions?env=production")).Should().Contain("\"started\":80").And.Contain("\"crashed\":4");
    }

    [Test]
    public async Task Body_AfterAChange_IsReadAnewAndOtherwiseShared()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(Some.Delta(project, "first", message: "the first"));
        var path = $"/overview/body?project={project}";
        await Deadline.Until(async () => (await Shared.Ann.ReadAsync(path)).Contains("the first"), TimeSpan.FromSeconds(5));

        await Shared.Rig.ApplyAsync(Some.Delta(project, "second", message: "the second"));

        await Deadline.Until(async () => (await Shared.Ann.ReadAsync(path)).Contains("the second"), TimeSpan.FromSeconds(2));
        using var packed = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { { "Accept-Encoding", "br" } } };
        using var answer = await Shared.Ann.Client.SendAsync(packed);
        answer.Content.Headers.ContentEncoding.Should().Equal("br");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Test]
    public async Task Release_OfAProject_HasAPageAndOthersHaveNone()
    {
        await using var lived = await LivedIn.StartAsync();
        using var visitor = await lived.Rig.VisitSignedInAsync();
        var list = await visitor.ReadAsync($"/projects/{lived.Shop}/releases");
        list.Should().Contain("shop-4.18.3").And.Contain("Events by release, 14 days").And.Contain("badge good").And.Contain("badge bad");
        var page = await visitor.ReadAsync($"/projects/{lived.Shop}/release?version=shop-4.18.3");
        page.Should().Contain("payment could not be prepared").And.Contain("regressed").And.Contain("page 99 of 3 was asked for").And.Contain("shop-4.18.2");
        using var none = await visitor.GetAsync($"/projects/{lived.Shop}/release?version=9.9");
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
        using var unnamed = await visitor.GetAsync($"/projects/{lived.Shop}/release");
        unnamed.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }
}

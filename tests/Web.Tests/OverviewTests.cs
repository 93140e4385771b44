using System.Net;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Rigs;
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
            .And.MatchRegex("Last hour</dt>\\s*<dd>\\s*4(\u202f|&#x202F;)100", "the minutes of the last hour").And.NotContain("7M");
        page.Should().Contain("shop-4.18.2").And.Contain($"/projects/{project}/release?version=shop-4.18.2").And.Contain("our own code")
            .And.Contain("title=\"https://shop.example.com/checkout\"").And.Contain($"/issues?project={project}&amp;sort=first");
        (await Shared.Ann.ReadAsync("/")).Should().Contain("theirs broke").And.Contain("Neighbour");
        using var redirect = await Shared.Ann.GetAsync($"/projects/{project}/overview");
        redirect.Headers.Location!.ToString().Should().Be($"/?project={project}");
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

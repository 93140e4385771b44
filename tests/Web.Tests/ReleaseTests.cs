using System.Net;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Tests;

public class ReleaseTests
{
    [Test]
    public async Task Release_ToldByABuild_IsListedInItsPlace()
    {
        await using var rig = await DashboardRig.StartAsync();
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), CancellationToken.None)).Id;
        await rig.ApplyAsync(Of(Some.Delta(project, "a", count: 3), "1.9.0"));
        using var api = new HttpClient { BaseAddress = rig.Url };
        api.DefaultRequestHeaders.Authorization = new("Bearer", DashboardRig.UploadToken);
        var address = $"/api/v1/projects/{project}/releases";

        using var told = await MergeTests.WhileApplyingAsync(rig, PostAsync(api, address, """{"version":"1.10.0","date":"2026-11-22T08:00:00Z"}"""));

        told.StatusCode.Should().Be(HttpStatusCode.Accepted);
        using var listed = JsonDocument.Parse(await api.GetStringAsync(address));
        listed.RootElement.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("version").GetString()).Should().Equal("1.10.0", "1.9.0");
        using var visitor = await rig.VisitSignedInAsync();
        (await visitor.ReadAsync($"/projects/{project}/releases")).Should().Contain("1.10.0").And.Contain("not yet").And.Contain("1.9.0");
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("{\"version\":")]
    [TestCase("{\"version\":\" \"}")]
    [TestCase("{\"version\":7}")]
    [TestCase("{\"version\":\"1\",\"date\":\"tomorrow\"}")]
    [TestCase("{\"version\":\"1\",\"order\":1.5}")]
    [TestCase("")]
    public async Task Release_ThatCannotBeRead_IsRefusedInWords(string body)
    {
        var project = await Shared.ProjectAsync();
        using var api = new HttpClient { BaseAddress = Shared.Rig.Url };
        api.DefaultRequestHeaders.Authorization = new("Bearer", DashboardRig.UploadToken);

        using var answer = await PostAsync(api, $"/api/v1/projects/{project}/releases", body);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"reason\":\"bad_release\"");
        (await PostAsync(api, "/api/v1/projects/987654/releases", "{}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Resolve_InARelease_ShowsWhatDrainsAndWhatRegressed()
    {
        await using var rig = await DashboardRig.StartAsync();
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), CancellationToken.None)).Id;
        var issue = (await rig.ApplyAsync(Of(Some.Delta(project, "a"), "1.0.0"), Of(Some.Delta(project, "b"), "1.1.0")))[0].IssueId;
        var path = $"/issues/{project}/{issue}";
        using var visitor = await rig.VisitSignedInAsync();
        (await visitor.ReadAsync(path)).Should().Contain("in the newest release").And.Contain("<option value=\"release:1.1.0\">");

        using var resolved = await MergeTests.WhileApplyingAsync(rig, visitor.PostAsync(path, path + "/resolve", ("release", "1.0.5")));
        await rig.ApplyAsync(Of(Some.Delta(project, "a", count: 4, at: TimeProvider.System.GetUtcNow().AddMinutes(1)), "1.0.0"));
        (await visitor.ReadAsync(path)).Should().Contain("Fixed in").And.Contain("1.0.5").And.Contain("Draining").And.Contain("4 events since").And.Contain("state-resolved");

        await rig.ApplyAsync(Of(Some.Delta(project, "a", at: TimeProvider.System.GetUtcNow().AddMinutes(2)), "1.0.6"));
        (await visitor.ReadAsync(path)).Should().Contain("Regressed: it came back in").And.Contain("1.0.6").And.Contain("Came back in");
        (await visitor.ReadAsync($"/issues?project={project}")).Should().Contain(">regressed<");
    }

    private static IssueDelta Of(IssueDelta delta, string release) => delta with { Releases = [new(release, delta.Count, delta.LastReceived, delta.LastReceived)] };

    private static Task<HttpResponseMessage> PostAsync(HttpClient api, string address, string body) =>
        api.PostAsync(new Uri(address, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
}

using System.Net;
using System.Text.Json;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Web.Issues;

namespace ErrorPipeline.Web.Tests;

/// <summary>Merging, taking back and addresses that move, by links and forms as a browser without scripts has them.</summary>
public class MergeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Test]
    public async Task Merge_ByTheForms_ShowsFirstWhatItWouldBeAndCanBeTakenBack()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (project, a, b) = await TwoIssuesAsync(rig);
        using var visitor = await rig.VisitSignedInAsync();
        var (pathA, pathB) = ($"/issues/{project}/{a}", $"/issues/{project}/{b}");

        (await visitor.ReadAsync(pathA + "/merge")).Should().Contain($"value=\"{b}\"").And.NotContain($"name=\"with\" value=\"{a}\"");
        (await visitor.ReadAsync(pathA + "/merge?q=prices")).Should().Contain($"value=\"{b}\"");
        (await visitor.ReadAsync(pathA + "/merge?q=nonsense")).Should().Contain("Nothing else is like that");
        var preview = await visitor.ReadAsync($"{pathA}/merge?with={b}");
        preview.Should().Contain("Together").And.Contain("<dd>12</dd>").And.Contain($"Merge into #{a}").And.Contain("basket is empty").And.Contain("prices are missing");

        using (var merged = await WhileApplyingAsync(rig, visitor.PostAsync($"{pathA}/merge?with={b}", pathA + "/merge", ("with", $"{b}"))))
            merged.Headers.Location!.ToString().Should().Be(pathA);
        (await visitor.ReadAsync(pathA)).Should().Contain("Merged").And.Contain("2 groups of events").And.Contain("was merged into this issue");
        using (var moved = await visitor.GetAsync(pathB + "?event=x"))
        {
            moved.StatusCode.Should().Be(HttpStatusCode.Redirect);
            moved.Headers.Location!.ToString().Should().Be($"{pathA}?event=x&moved={b}");
        }

        (await visitor.ReadAsync($"{pathA}?moved={b}")).Should().Contain($"{ShortId.Of("SHOP", b)} is part of this issue now");
        var move = (await rig.Store.ListMovesAsync(project, a, 1, default))[0].Id;
        using var undone = await WhileApplyingAsync(rig, visitor.PostAsync(pathA, pathA + "/undo", ("move", $"{move}")));
        (await visitor.ReadAsync(pathB)).Should().Contain("prices are missing");
        (await visitor.PostAsync(pathA, pathA + "/undo", ("move", $"{move}"))).StatusCode.Should().Be(HttpStatusCode.NotFound, "it is taken back already");
    }

    [Test]
    public async Task Split_OfAGroup_MakesAnIssueOfItsOwn()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (project, a, b) = await TwoIssuesAsync(rig);
        using var visitor = await rig.VisitSignedInAsync();
        var path = $"/issues/{project}/{a}";
        using var merged = await WhileApplyingAsync(rig, visitor.PostAsync(path, path + "/merge", ("with", $"{b}")));

        using var split = await WhileApplyingAsync(rig, visitor.PostAsync(path, path + "/split", ("fingerprint", "v1:" + Some.Hex("b"))));

        (await visitor.ReadAsync(path)).Should().Contain("A part became").And.NotContain("2 groups");
        using var moved = await visitor.GetAsync($"/issues/{project}/{b}");
        moved.Headers.Location!.ToString().Should().StartWith($"/issues/{project}/{b + 1}");
    }

    [Test]
    public async Task Merge_OfWhatIsNotThere_IsRefusedInWords()
    {
        var project = await Shared.ProjectAsync();
        var id = (await Shared.Rig.ApplyAsync(Some.Delta(project, "only")))[0].IssueId;
        var path = $"/issues/{project}/{id}";

        (await Shared.Ann.ReadAsync(path + "/merge?with=987654")).Should().Contain("not there any more");
        (await Shared.Ann.PostAsync("/account", path + "/merge", ("with", "987654"))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Shared.Ann.PostAsync("/account", path + "/merge")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Shared.Ann.PostAsync("/account", path + "/merge", ("with", "x"))).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await Shared.Ann.PostRawAsync(path + "/merge", ("with", "1"))).StatusCode.Should().Be(HttpStatusCode.BadRequest, "a form of another site has no token");
        (await Shared.Ann.GetAsync($"/issues/{project}/987654/merge")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Api_OfAMergedIssue_LeadsToItsHolderAndPreviewsTheNext()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (project, a, b) = await TwoIssuesAsync(rig);
        using var api = new HttpClient(new HttpClientHandler { AllowAutoRedirect = true }) { BaseAddress = rig.Url };
        api.DefaultRequestHeaders.Authorization = new("Bearer", DashboardRig.Token);
        using var preview = JsonDocument.Parse(await api.GetStringAsync($"/api/v1/projects/{project}/issues/{a}/merge?with={b}"));
        preview.RootElement.GetProperty("data").GetProperty("count").GetInt64().Should().Be(12);
        using var visitor = await rig.VisitSignedInAsync();
        var path = $"/issues/{project}/{a}";
        using var merged = await WhileApplyingAsync(rig, visitor.PostAsync(path, $"/api/v1/projects/{project}/issues/{a}/merge?with={b}"));
        merged.StatusCode.Should().Be(HttpStatusCode.Accepted);

        using var issue = JsonDocument.Parse(await api.GetStringAsync($"/api/v1/issues/{b}?project={project}"));
        issue.RootElement.GetProperty("data").GetProperty("issue").GetProperty("id").GetInt64().Should().Be(a);
        using var moves = JsonDocument.Parse(await api.GetStringAsync($"/api/v1/projects/{project}/issues/{a}/moves"));
        moves.RootElement.GetProperty("data")[0].GetProperty("by").GetString().Should().Be(DashboardRig.Email);
        (await api.PostAsync($"/api/v1/projects/{project}/issues/{a}/merge?with={b}", null)).StatusCode.Should().NotBe(HttpStatusCode.Accepted, "a token that reads changes nothing");
    }

    [Test]
    public async Task Issue_Explains_WhatItsTokensLeftOut()
    {
        var project = await Shared.ProjectAsync();
        var delta = Some.Delta(project, "notes");
        var id = (await Shared.Rig.ApplyAsync(delta with { Grouping = delta.Grouping with { Notes = ["Left out: <b>hook</b> in react-dom.js, which is not your own code."] } }))[0].IssueId;

        (await Shared.Ann.ReadAsync($"/issues/{project}/{id}")).Should().Contain("Why these words").And.Contain("Left out: &lt;b&gt;hook&lt;/b&gt; in react-dom.js");
    }

    internal static async Task<HttpResponseMessage> WhileApplyingAsync(DashboardRig rig, Task<HttpResponseMessage> posting)
    {
        await Deadline.Until(async () => await rig.ApplyCommandsAsync() > 0, Patience);
        return await posting;
    }

    internal static async Task WhileApplyingAsync(DashboardRig rig, Task posting)
    {
        await Deadline.Until(async () => await rig.ApplyCommandsAsync() > 0, Patience);
        await posting;
    }

    private static async Task<(int Project, long A, long B)> TwoIssuesAsync(DashboardRig rig)
    {
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), CancellationToken.None)).Id;
        var changes = await rig.ApplyAsync(
            Some.Delta(project, "a", message: "basket is empty", count: 7, users: 2, samples: Some.Sample("a")),
            Some.Delta(project, "b", message: "prices are missing", count: 5, users: 3, samples: Some.Sample("b")));
        return (project, changes[0].IssueId, changes[1].IssueId);
    }
}

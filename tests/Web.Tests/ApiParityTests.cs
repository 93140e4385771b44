using System.Net;
using System.Text.Json;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

/// <summary>What a person does by a form, a script does by the API: every form that is added tomorrow has to name its counterpart here, or why it has none.</summary>
public sealed class ApiParityTests
{
    private const string OfThePerson = "about the person and their browser, not about errors: a token must not make tokens or change a password";

    /// <summary>Forms by their route; a counterpart begins with "/api/v1", or with the collector's own.</summary>
    private static readonly Dictionary<string, string> Counterparts = new(StringComparer.Ordinal)
    {
        ["/issues/bulk"] = "POST /api/v1/issues/bulk",
        ["/issues/restore"] = "POST /api/v1/issues/restore",
        ["/issues/{project:int}/{id:long}/{kind}"] = "POST /api/v1/projects/{project}/issues/{id}/resolve",
        ["/issues/{project:int}/{id:long}/comment"] = "POST /api/v1/projects/{project}/issues/{id}/comments",
        ["/issues/{project:int}/{id:long}/uncomment"] = "DELETE /api/v1/projects/{project}/issues/{id}/comments/{comment}",
        ["/issues/{project:int}/{id:long}/merge"] = "POST /api/v1/projects/{project}/issues/{id}/merge",
        ["/issues/{project:int}/{id:long}/split"] = "POST /api/v1/projects/{project}/issues/{id}/split",
        ["/issues/{project:int}/{id:long}/undo"] = "POST /api/v1/projects/{project}/issues/{id}/moves/{move}/undo",
        ["/issues/{project:int}/{id:long}/delete"] = "DELETE /api/v1/projects/{project}/issues/{id}",
        ["/events/{project:int}/{id}/delete"] = "DELETE /api/v1/events/{project}/{id}",
        ["/searches"] = "POST /api/v1/searches",
        ["/searches/{id:long}/delete"] = "DELETE /api/v1/searches/{search}",
        ["/projects"] = "POST /api/v1/projects",
        ["/projects/{id:int}"] = "PUT /api/v1/projects/{id}",
        ["/projects/{id:int}/keys"] = "POST /api/v1/projects/{id}/keys",
        ["/projects/{id:int}/keys/revoke"] = "DELETE /api/v1/projects/{id}/keys/{key}",
        ["/projects/{id:int}/links"] = "PUT /api/v1/projects/{id}/links",
        ["/projects/{id:int}/filters"] = "PUT /api/v1/projects/{id}/policy",
        ["/projects/{id:int}/rules"] = "PUT /api/v1/projects/{id}/policy",
        ["/projects/{id:int}/privacy"] = "PUT /api/v1/projects/{id}/policy",
        ["/projects/{id:int}/source-maps/fetching"] = "PUT /api/v1/projects/{id}/policy",
        ["/projects/{id:int}/people"] = "POST /api/v1/projects/{id}/people/erase",
        ["/projects/{id:int}/source-maps/{artifact:long}/delete"] = "DELETE /api/v1/projects/{id}/artifacts/{artifact}",
        ["/projects/{id:int}/source-maps/releases/delete"] = "DELETE /api/v1/projects/{id}/artifacts",
        ["/projects/{id:int}/source-maps/tokens"] = "POST /api/v1/projects/{id}/upload-tokens",
        ["/projects/{id:int}/source-maps/tokens/revoke"] = "DELETE /api/v1/projects/{id}/upload-tokens/{token}",
        ["/pipeline/dead/replay"] = "POST /api/v1/dead-letters/replay",
        ["/pipeline/dead/drop"] = "POST /api/v1/dead-letters/drop",
        ["/pipeline/dead/{lane:int}/{id}/replay"] = "POST /api/v1/dead-letters/{lane}/{id}/replay",
        ["/pipeline/dead/{lane:int}/{id}/drop"] = "POST /api/v1/dead-letters/{lane}/{id}/drop",
        ["/projects/{id:int}/setup/{client}/test"] = "a script sends an event to the collector itself",
        ["/theme"] = OfThePerson,
        ["/sign-in"] = OfThePerson,
        ["/sign-out"] = OfThePerson,
        ["/account/password"] = OfThePerson,
        ["/account/tokens"] = OfThePerson,
        ["/account/tokens/revoke"] = OfThePerson,
    };

    /// <summary>One form for all of them.</summary>
    private static readonly string[] Kinds = ["resolve", "ignore", "reopen", "assign"];

    [Test]
    public void Forms_AllOfThem_HaveTheirCounterpartInTheApi()
    {
        var endpoints = Shared.Rig.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var forms = endpoints.Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true).Select(e => "/" + e.RoutePattern.RawText!.Trim('/'))
            .Where(path => !path.StartsWith("/api/", StringComparison.Ordinal)).ToList();
        var calls = Shared.Rig.App.Services.GetRequiredService<ApiCatalog>().Groups.SelectMany(group => group).Select(call => $"{call.Method} {call.Path}").ToHashSet(StringComparer.Ordinal);

        forms.Should().BeEquivalentTo(Counterparts.Keys, "every form says here what a script does instead");
        foreach (var (form, call) in Counterparts.Where(c => c.Value.Contains("/api/v1", StringComparison.Ordinal)))
            calls.Should().Contain(call, "{0} does the same", form);
        foreach (var kind in Kinds)
            calls.Should().Contain($"POST /api/v1/projects/{{project}}/issues/{{id}}/{kind}");
    }

    [Test]
    public async Task Change_OfOneIssue_TakesWhatTheFormTakes_AndIsTakenBack()
    {
        await using var rig = await DashboardRig.StartAsync();
        var (project, issues) = await TriageTests.ManyAsync(rig, 1);
        using var ann = await rig.VisitSignedInAsync();
        var token = await ApiTokenTests.MakeAsync(ann, "write");
        var path = $"/api/v1/projects/{project}/issues/{issues[0]}";

        (await ChangeAsync(rig, token, path + "/ignore?until=events:100")).State.Should().Be(IssueState.Ignored);
        (await rig.Store.GetIssueAsync(project, issues[0], default))!.Ignored!.Count.Should().Be(101);
        (await ChangeAsync(rig, token, path + "/reopen")).State.Should().Be(IssueState.Open);
        var (state, batch) = await ChangeAsync(rig, token, path + "/resolve?in=release:2.0");
        state.Should().Be(IssueState.Resolved);
        (await rig.Store.GetIssueAsync(project, issues[0], default))!.Resolution!.Release.Should().Be("2.0");

        var restored = SendAsync(rig, token, "/api/v1/issues/restore", $$"""{"batch":"{{batch}}"}""");
        await rig.ApplyingAsync(restored);
        (await rig.Store.GetIssueAsync(project, issues[0], default))!.Issue.State.Should().Be(IssueState.Open);

        async Task<(IssueState State, string Batch)> ChangeAsync(DashboardRig on, string by, string call)
        {
            var sending = SendAsync(on, by, call);
            await on.ApplyingAsync(sending);
            var (status, text) = await sending;
            status.Should().Be(HttpStatusCode.Accepted, text);
            using var answer = JsonDocument.Parse(text);
            return ((await on.Store.GetIssueAsync(project, issues[0], default))!.Issue.State, answer.RootElement.GetProperty("data").GetProperty("batch").GetString()!);
        }
    }

    [TestCase("/resolve?in=somewhere", "next, now or release:")]
    [TestCase("/resolve?in=release:", "next, now or release:")]
    [TestCase("/ignore?until=soon", "a time such as 1h")]
    [TestCase("/ignore?until=events:0", "a time such as 1h")]
    [TestCase("/ignore?until=users:-1", "a time such as 1h")]
    public async Task Change_InNonsense_IsRefusedWithWhatToSay(string call, string says)
    {
        var project = await Shared.ProjectAsync();
        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(project, "nonsense")))[0].IssueId;
        var token = await ApiTokenTests.MakeAsync(Shared.Ann, "write");

        var (status, text) = await SendAsync(Shared.Rig, token, $"/api/v1/projects/{project}/issues/{issue}{call}");

        status.Should().Be(HttpStatusCode.UnprocessableEntity);
        text.Should().Contain("\"reason\":\"bad_change\"").And.Contain(says);
    }

    [Test]
    public async Task Search_BeyondWhatOnePersonMayKeep_IsRefusedWithWhatToDo()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var ann = await rig.VisitSignedInAsync();
        var token = await ApiTokenTests.MakeAsync(ann, "write");
        var user = (await rig.Config.FindUserAsync(DashboardRig.Email, default))!.Id;
        for (var n = 0; n < 200; n++)
            await rig.Config.SaveSearchAsync(new(0, user, null, $"kept {n}", "q=x", IsShared: false), default);

        var (status, text) = await SendAsync(rig, token, "/api/v1/searches", """{"name":"one more","query":"q=y"}""");
        var (again, _) = await SendAsync(rig, token, "/api/v1/searches", """{"name":"kept 7","query":"q=z"}""");

        status.Should().Be(HttpStatusCode.UnprocessableEntity);
        text.Should().Contain("\"reason\":\"too_many_searches\"").And.Contain("delete one first.\"");
        again.Should().Be(HttpStatusCode.Created, "the same name is replaced");
    }

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(DashboardRig rig, string token, string path, string? body = null)
    {
        using var api = new HttpClient { BaseAddress = rig.Url };
        api.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await api.PostAsync(new Uri(path, UriKind.Relative), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}

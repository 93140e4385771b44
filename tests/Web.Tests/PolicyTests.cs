using System.Net;
using System.Text;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

public class PolicyTests
{
    private static async Task<ProjectPolicy> PolicyAsync(int id) => (await Shared.Rig.Config.GetProjectAsync(id, CancellationToken.None))!.Policy;

    [Test]
    public async Task Filters_Saved_AreKeptPushedAndShown()
    {
        var id = await Shared.ProjectAsync();
        var before = await Shared.Ann.ReadAsync($"/projects/{id}/filters");
        before.Should().Contain("value=\"extension\" checked").And.Contain("value=\"web_view\" checked").And.NotContain("value=\"crawler\" checked");

        using var saved = await Shared.Ann.PostAsync(
            $"/projects/{id}/filters", $"/projects/{id}/filters", ("On", "crawler"), ("On", "nonsense"), ("OldestBrowsers", "Chrome 90\r\n"), ("Messages", "*loop*\n\n"), ("Releases", ""));

        saved.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await PolicyAsync(id)).Filters.Should().BeEquivalentTo(new FilterSettings { On = ["crawler"], OldestBrowsers = ["Chrome 90"], Messages = ["*loop*"], Releases = [] });
        var channel = Shared.Rig.App.Services.GetRequiredService<ConfigChannel>();
        await Deadline.Until(async () => (await channel.ReadAsync())?.Projects.SingleOrDefault(p => p.Id == id)?.Policy?.Filters?.On is ["crawler"], TimeSpan.FromSeconds(15));
        (await Shared.Ann.ReadAsync($"/projects/{id}/filters")).Should().Contain("value=\"crawler\" checked").And.NotContain("value=\"extension\" checked").And.Contain("Chrome 90");
    }

    [Test]
    public async Task Filters_ShowWhatEachTookInADay()
    {
        var id = await Shared.ProjectAsync();
        var minute = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
        await Shared.Rig.ApplyAsync(new DeltaBatch { Outcomes = [new(id, minute, "filtered:crawler", 4), new(id, minute - 60, "filtered:crawler", 3), new(id, minute - 1500, "filtered:crawler", 100)] });

        (await Shared.Ann.ReadAsync($"/projects/{id}/filters")).Should().Contain("Took 7 events in the last 24 hours.");
    }

    [TestCase("OldestBrowsers", "Chrome", "Oldest browsers")]
    [TestCase("Messages", "***", "it matches everything")]
    public async Task Filters_ThatCannotBeUsed_AreExplainedAndNotKept(string field, string value, string message)
    {
        var id = await Shared.ProjectAsync();

        using var answer = await Shared.Ann.PostAsync($"/projects/{id}/filters", $"/projects/{id}/filters", (field, value));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Should().Contain(message).And.Contain(value);
        (await PolicyAsync(id)).Filters.Should().BeNull();
    }

    [Test]
    public async Task Rules_Previewed_SayWhatTheyWouldMatch_AndAreNotKept()
    {
        var id = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(
            Some.Delta(id, "aa", samples: [Some.Sample("a1", message: "one"), Some.Sample("a2", message: "two")]), Some.Delta(id, "bb", samples: [Some.Sample("b1", message: "three")]));

        using var shown = await Shared.Ann.PostAsync($"/projects/{id}/rules", $"/projects/{id}/rules", ("act", "preview"), ("rules", "message:t* -> ignore\r\nmessage:one -> title \"One\""));

        var page = WebUtility.HtmlDecode(await shown.Content.ReadAsStringAsync());
        page.Should().Contain("Would match 3 of 3 recent events").And.Contain("message:one -> title \"One\"");
        (await PolicyAsync(id)).Rules.Should().BeNull();
    }

    [Test]
    public async Task Rules_Wrong_NameTheLine_AndAreNotKept()
    {
        var id = await Shared.ProjectAsync();

        using var answer = await Shared.Ann.PostAsync($"/projects/{id}/rules", $"/projects/{id}/rules", ("act", "save"), ("rules", "type:A -> ignore\ncolour:red -> ignore"));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Should().Contain("Line 2: 'colour:' is not known");
        (await PolicyAsync(id)).Rules.Should().BeNull();

        using var saved = await Shared.Ann.PostAsync($"/projects/{id}/rules", $"/projects/{id}/rules", ("act", "save"), ("rules", "type:A -> ignore\r\n"));
        saved.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await PolicyAsync(id)).Rules.Should().Be("type:A -> ignore\n");
    }

    [Test]
    public async Task Privacy_SavedOrRefused()
    {
        var id = await Shared.ProjectAsync();

        using var wrong = await Shared.Ann.PostAsync($"/projects/{id}/privacy", $"/projects/{id}/privacy", ("Address", "off"), ("Patterns", "(?=a)b"));
        wrong.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await wrong.Content.ReadAsStringAsync()).Should().Contain("have no bound on their time");
        using var saved = await Shared.Ann.PostAsync($"/projects/{id}/privacy", $"/projects/{id}/privacy", ("Address", "off"), ("KeepEmails", "on"), ("Keys", "birthday"), ("Patterns", "CUST-[0-9]{6}"));

        saved.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await PolicyAsync(id)).Privacy.Should().BeEquivalentTo(new PrivacySettings { Address = "off", KeepEmails = true, Keys = ["birthday"], Patterns = ["CUST-[0-9]{6}"], AllowedKeys = [] });
    }

    [Test]
    public async Task Api_ReadsThePolicy()
    {
        var id = await Shared.ProjectAsync();
        await Shared.Rig.Config.SetPolicyAsync(id, new() { Rules = "type:A -> ignore" }, CancellationToken.None);

        System.Text.Json.JsonDocument.Parse(await Shared.Ann.ReadAsync($"/api/v1/projects/{id}/policy")).RootElement.GetProperty("data").GetProperty("rules").GetString().Should().Be("type:A -> ignore");
        using var absent = await Shared.Ann.GetAsync("/api/v1/projects/999999/policy");
        absent.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Issues_OfAClass_AreListedAlone()
    {
        var id = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(Some.Delta(id, "c1", message: "mine", @class: "ours"), Some.Delta(id, "c2", message: "theirs", @class: "injected"));

        (await Shared.Ann.ReadAsync($"/issues?project={id}&class=injected")).Should().Contain("theirs").And.NotContain("mine");
        (await Shared.Ann.ReadAsync($"/issues?project={id}&class=nonsense")).Should().Contain("theirs").And.Contain("mine");
    }

    [Test]
    public async Task ScriptError_NamesItsTagAndTheFix()
    {
        var id = await Shared.ProjectAsync();
        var sample = Some.Sample("d1", type: "Error", message: "Script error.");
        sample = sample with { Error = sample.Error with { Frames = [], RawStack = null }, Context = sample.Context with { HiddenScripts = ["https://cdn.example/x.js"] } };
        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(id, "d1", message: "Script error.", samples: [sample])))[0].IssueId;

        var page = WebUtility.HtmlDecode(await Shared.Ann.ReadAsync($"/issues/{id}/{issue}"));

        page.Should().Contain("<script src=\"https://cdn.example/x.js\">").And.Contain("crossorigin=\"anonymous\"").And.Contain("Access-Control-Allow-Origin").And.Contain("cdn.example");
    }
}

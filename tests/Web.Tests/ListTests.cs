using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ErrorPipeline.Web.Tests;

public partial class ListTests
{
    [Test]
    public async Task List_FollowedPageByPage_ShowsEveryIssueOnce()
    {
        const int issues = 60;
        var project = await Shared.ProjectAsync();
        var now = TimeProvider.System.GetUtcNow();
        // Equal times and counts in groups: the key set must still tell rows apart.
        await Shared.Rig.ApplyAsync([.. Enumerable.Range(0, issues).Select(i => Some.Delta(project, $"page{i}", message: $"number {i}", count: 1 + (i / 10), at: now.AddMinutes(-(i / 10))))]);
        var visitor = Shared.Ann;
        foreach (var sort in new[] { "last", "first", "count", "users" })
        {
            var seen = new List<string>();
            var pages = 0;
            var next = $"/issues?project={project}&sort={sort}";
            while (next is not null)
            {
                var html = await visitor.ReadAsync(next);
                seen.AddRange(Row().Matches(html).Select(m => m.Groups["id"].Value));
                next = Next().Match(html) is { Success: true } link ? WebUtility.HtmlDecode(link.Groups["href"].Value) : null;
                pages++;
            }

            seen.Should().HaveCount(issues, sort).And.OnlyHaveUniqueItems(sort);
            pages.Should().Be(3, sort);
        }
    }

    [Test]
    public async Task List_NarrowedDown_ShowsWhatMatchesAndKeepsTheForm()
    {
        var project = await Shared.ProjectAsync();
        var now = TimeProvider.System.GetUtcNow();
        await Shared.Rig.ApplyAsync(
            Some.Delta(project, "n1", message: "kettle is cold", environment: "staging", at: now),
            Some.Delta(project, "n2", message: "teapot is empty", environment: "production", at: now.AddDays(-3)));
        var visitor = Shared.Ann;
        async Task Shows(string query, bool kettle, bool teapot)
        {
            var html = await visitor.ReadAsync($"/issues?project={project}&{query}");
            html.Contains("kettle is cold").Should().Be(kettle, query);
            html.Contains("teapot is empty").Should().Be(teapot, query);
        }

        await Shows("", true, true);
        await Shows("env=staging", true, false);
        await Shows("env=production", false, true);
        await Shows("since=24h", true, false);
        await Shows("q=teapot", false, true);
        await Shows("q=" + Uri.EscapeDataString("\"AND ( NEAR* teapot'--"), false, false);
        await Shows("state=resolved", false, false);
        await Shows("state=nonsense&sort=nonsense&since=nonsense", true, true);
        (await visitor.ReadAsync($"/issues?project={project}&q=teapot&since=7d")).Should().Contain("value=\"teapot\"").And.Contain("value=\"7d\" selected");
    }

    [TestCase("after=nonsense")]
    [TestCase("after=%00%ff")]
    [TestCase("q=%00")]
    [TestCase("project=99999999999999999999")]
    [TestCase("project=-1")]
    public async Task List_AskedNonsense_IsNotAnError(string query)
    {
        var visitor = Shared.Ann;
        using var answer = await visitor.GetAsync("/issues?" + query);
        ((int)answer.StatusCode).Should().BeLessThan(500);
    }

    [Test]
    public async Task Issue_WithSamples_StepsFromOneToTheNext()
    {
        var project = await Shared.ProjectAsync();
        var now = TimeProvider.System.GetUtcNow();
        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(
            project, "steps", samples: [.. Enumerable.Range(0, 3).Select(i => Some.Sample($"step{i}", now.AddMinutes(-i), message: $"sample {i}"))])))[0].IssueId;
        var visitor = Shared.Ann;
        var newest = await visitor.ReadAsync($"/issues/{project}/{issue}");
        newest.Should().Contain("1 of 3").And.Contain("sample 0").And.Contain("priceOf").And.Contain("Caused by").And.Contain("button#checkout.main");
        var older = WebUtility.HtmlDecode(Older().Match(newest).Groups["href"].Value).Split('#')[0];
        (await visitor.ReadAsync(older)).Should().Contain("2 of 3").And.Contain("sample 1");
    }

    [Test]
    public async Task Event_Downloaded_IsAFileWithASafeName()
    {
        var project = await Shared.ProjectAsync();
        await Shared.Rig.ApplyAsync(Some.Delta(project, "file", samples: Some.Sample("file")));
        var visitor = Shared.Ann;
        using var answer = await visitor.GetAsync($"/events/{project}/{Some.Hex("file")}.json?download=true");
        answer.Content.Headers.ContentDisposition!.ToString().Should().Be($"attachment; filename=\"event-{Some.Hex("file")}.json\"");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        json.RootElement.GetProperty("error").GetProperty("type").GetString().Should().Be("TypeError");
    }

    [Test]
    public async Task Api_ListsIssues_WithTheirCounts()
    {
        var project = await Shared.ProjectAsync();
        var issue = (await Shared.Rig.ApplyAsync(Some.Delta(project, "api", count: 12, users: 3, samples: Some.Sample("api"))))[0].IssueId;
        var visitor = Shared.Ann;
        using var list = JsonDocument.Parse(await visitor.ReadAsync($"/api/v1/issues?project={project}"));
        var row = list.RootElement.GetProperty("data").GetProperty("issues")[0];
        row.GetProperty("id").GetInt64().Should().Be(issue);
        row.GetProperty("count").GetInt64().Should().Be(12);
        row.GetProperty("users").GetInt64().Should().Be(3);
        row.GetProperty("state").GetString().Should().Be("open");
        using var one = JsonDocument.Parse(await visitor.ReadAsync($"/api/v1/issues/{issue}"));
        one.RootElement.GetProperty("data").GetProperty("samples").GetArrayLength().Should().Be(1);
        using var @event = JsonDocument.Parse(await visitor.ReadAsync($"/api/v1/events/{project}/{Some.Hex("api")}"));
        @event.RootElement.GetProperty("data").GetProperty("occurrence").GetProperty("browser").GetString().Should().Be("Chrome 142");
        using var pipeline = JsonDocument.Parse(await visitor.ReadAsync("/api/v1/pipeline"));
        pipeline.RootElement.GetProperty("data").GetProperty("lanes").GetArrayLength().Should().Be(2);
        pipeline.RootElement.GetProperty("data").GetProperty("balanced").GetBoolean().Should().BeTrue();
    }

    [GeneratedRegex("<tr data-issue=\"(?<id>\\d+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("rel=\"next\" href=\"(?<href>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Next();

    [GeneratedRegex("href=\"(?<href>[^\"]+)\" title=\"Older\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Older();
}

using System.Net;
using System.Text.Json;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.Privacy;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ErrorPipeline.Web.Tests;

/// <summary>What is kept of one person: found, handed out, erased.</summary>
public class PeopleTests
{
    [Test]
    public async Task Person_Erased_LeavesNothingButCounts()
    {
        await using var rig = await DashboardRig.StartAsync();
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), default)).Id;
        var issue = (await rig.ApplyAsync(Delta(project, Of("mine", new("4711", "zoe@shop.example", "Ann")), Of("others", new("4712", "bob@example.com", "Bob")), Of("named", null, "wrote to Zoe@Shop.Example today"), Folded("mine"))))[0].IssueId;
        await rig.ApplyAsync(Some.Delta(project, "words") with { Feedback = [new("f1", Some.Hex("elsewhere"), 5, "Ann", "zoe@shop.example", "it broke")] });
        var named = (await rig.ApplyAsync(Some.Delta(project, "titled", message: "no basket of Zoe@shop.example")))[0].IssueId;
        var letter = await DieAsync(rig, project, """{"user":{"email":"zoe@shop.example"}}""");
        var spared = await DieAsync(rig, project, """{"user":{"email":"xzoe@shop.example"}}""");
        using var ann = await rig.VisitSignedInAsync();
        var page = $"/projects/{project}/people";

        using (var found = await ann.PostAsync(page, page, ("Name", " ZOE@shop.example "), ("Act", "find")))
            (await found.Content.ReadAsStringAsync()).Should().Contain("3 events").And.Contain("1 piece of feedback").And.Contain("e-mail address").And.Contain("1 group of events");
        using (var export = await ann.PostAsync(page, page, ("Name", "zoe@shop.example"), ("Act", "export")))
        {
            export.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
            export.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment");
            var lines = (await export.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
            lines.Select(line => line.GetProperty("what").GetString()).Should().Equal("event", "event", "event", "feedback");
        }

        var erasing = ann.PostAsync(page, page, ("Name", "zoe@shop.example"), ("Act", "erase"));
        await rig.ApplyingAsync(erasing);
        using (var erased = await erasing)
            erased.Headers.Location!.ToString().Should().Be(page + "?done=true");

        (await rig.Store.WalkEventsAsync(project, null, 10, default)).Select(e => e.EventId).Should().Equal(Some.Hex("others"));
        (await rig.Store.WalkFeedbackAsync(project, null, 10, default)).Should().BeEmpty();
        (await rig.Store.GetIssueAsync(project, issue, default))!.Issue.Count.Should().Be(4, "a number tells nothing of anybody");
        (await rig.Store.GetIssueAsync(project, named, default))!.Issue.Title.Should().Be("TypeError: no basket of [erased]");
        (await ann.ReadAsync($"/issues?project={project}&q=zoe")).Should().NotContain("no basket of");
        var letters = await rig.App.Services.GetRequiredService<DeadLetters>().ListAsync(new Lane(0), 10);
        letters.Select(l => l.Id).Should().Contain(spared).And.NotContain(letter);
        var entry = (await rig.Config.ListErasuresAsync(project, 10, default)).Single();
        entry.Should().BeEquivalentTo(new { Kind = "e-mail address", By = DashboardRig.Email, Events = 4L, Letters = 1L });
        var told = (await rig.Config.GetSnapshotAsync(default)).Projects.Single(p => p.Id == project);
        told.Erased!.Single().Hash.Should().Be(PersonHash.Of(told.UserSalt, project, "zoe@shop.example"));
        JsonSerializer.Serialize(entry).Should().NotContain("zoe@");
        (await ann.ReadAsync(page)).Should().Contain("under way").And.NotContain("zoe@shop.example\"");
    }

    [Test]
    public async Task Erasure_WhenAllOfBeforeHasPassed_LooksOnceMoreAndIsDone()
    {
        await using var rig = await DashboardRig.StartAsync();
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), default)).Id;
        var salt = (await rig.Config.GetSnapshotAsync(default)).Projects.Single(p => p.Id == project).UserSalt;
        var before = TimeProvider.System.GetUtcNow().AddMinutes(-5).ToUnixTimeMilliseconds();
        await rig.Config.AddErasureAsync(new("e1", project, PersonHash.Of(salt, project, "4711"), "user id", before, "ann", 0, 0, null), default);
        var late = Of("late", new("4711", null, null)) is var sample ? sample with { Occurrence = sample.Occurrence with { ReceivedAt = before - 1 } } : null!;
        await rig.ApplyAsync(Delta(project, late, Of("again", new("4711", null, null))));
        var erasures = rig.App.Services.GetRequiredService<Erasures>();
        (await erasures.FinishAsync(default)).Should().Be(1, "what was just behind normalize then may still be on its way");
        var finishing = erasures.FinishAsync(default);
        await Deadline.Until(async () => await rig.ApplyCommandsAsync() > 0, TimeSpan.FromSeconds(15));
        (await finishing).Should().Be(0);

        (await rig.Config.ListErasuresAsync(project, 1, default))[0].DoneAt.Should().NotBeNull();
        (await rig.Store.WalkEventsAsync(project, null, 10, default)).Select(e => e.EventId).Should().Equal([Some.Hex("again")], "who comes back is met anew");
    }

    [Test]
    public async Task Event_Deleted_IsGoneAndStillCounted()
    {
        await using var rig = await DashboardRig.StartAsync();
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), default)).Id;
        var issue = (await rig.ApplyAsync(Delta(project, Of("a", null), Of("b", null))))[0].IssueId;
        using var ann = await rig.VisitSignedInAsync();
        var path = $"/issues/{project}/{issue}";

        // The newest is shown, and both are of one moment.
        (await ann.ReadAsync(path)).Should().MatchRegex($"/events/{project}/({Some.Hex("a")}|{Some.Hex("b")})/delete");
        (await ann.ReadAsync($"/events/{project}/{Some.Hex("a")}/delete?to={path}")).Should().Contain("cannot be taken back").And.Contain($"href=\"{path}\"");
        (await ann.ReadAsync($"/events/{project}/{Some.Hex("a")}/delete?to=//evil.example")).Should().NotContain("\"//evil.example");
        using var gone = await MergeTests.WhileApplyingAsync(rig, ann.PostAsync(path, $"/events/{project}/{Some.Hex("a")}/delete", ("to", path)));

        gone.Headers.Location!.ToString().Should().Be(path);
        (await rig.Store.ListSamplesAsync(issue, 10, default)).Should().ContainSingle();
        (await rig.Store.GetIssueAsync(project, issue, default))!.Issue.Count.Should().Be(2);
        (await ann.PostAsync(path, $"/events/{project}/nothing/delete", ("to", path))).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Issue_Deleted_IsAskedForFirst()
    {
        await using var rig = await DashboardRig.StartAsync();
        var project = (await rig.Config.CreateProjectAsync("Shop", TimeProvider.System.GetUtcNow(), default)).Id;
        var issue = (await rig.ApplyAsync(Delta(project, Of("a", null))))[0].IssueId;
        using var ann = await rig.VisitSignedInAsync();
        var path = $"/issues/{project}/{issue}/delete";

        (await ann.ReadAsync(path)).Should().Contain("cannot be taken back").And.Contain("1 event");
        (await rig.Store.GetIssueAsync(project, issue, default)).Should().NotBeNull("looking deletes nothing");
        using var gone = await MergeTests.WhileApplyingAsync(rig, ann.PostAsync(path, path));

        gone.Headers.Location!.ToString().Should().StartWith($"/issues?project={project}&done=delete.1.");
        (await rig.Store.GetIssueAsync(project, issue, default)).Should().BeNull();
        (await ann.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [TestCase("4711", "user id", true)]
    [TestCase("203.0.113.7", "network address", false)]
    [TestCase("ZOE@shop.example", "e-mail address", true)]
    [TestCase("zoe@shop.exampl", "e-mail address", false)]
    [TestCase("oe@shop.example", "e-mail address", false)]
    [TestCase("1", "user id", false)]
    public void Person_ByAName_OwnsWhatIsTheirs(string name, string kind, bool isTheirs)
    {
        var person = new Person("salt", 1, name);

        person.Kind.Should().Be(kind);
        person.Owns(Of("x", new("4711", "zoe@shop.example", "Ann"), "step 1 of 203.0.113.77")).Should().Be(isTheirs);
    }

    private static EventSample Of(string id, EventUser? user, string message = "boom") => Some.Sample(id, message: message) is var sample
        ? sample with { Context = sample.Context with { User = user } } : null!;

    /// <summary>An event that normalize folded into another's of the same user: it says no more who that was.</summary>
    private static EventSample Folded(string into) => Of("folded", null) is var sample ? sample with { Occurrence = sample.Occurrence with { UserKey = Some.Sample(into).Occurrence.UserKey } } : null!;

    private static IssueDelta Delta(int project, params EventSample[] samples) => Some.Delta(project, "people", count: samples.Length, samples: samples);

    private static async Task<StreamId> DieAsync(DashboardRig rig, int project, string body)
    {
        var redis = rig.App.Services.GetRequiredService<RedisConnection>();
        var lane = new Lane(0);
        return StreamId.Parse((string)(await redis.ExecuteAsync(
            "XADD", (RedisKey)lane.Dead, "*", "v", 1, "n", 1, "d", body, "stage", "normalize", "stream", lane.Unique, "project", project, "event", Some.Hex(body), "error", "boom", "at", 1))!);
    }
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What is kept of visitors: walked, erased, and gone after the time that a project gives it.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Walk_GivesEveryEventAndWordOfTheProjectOnce()
    {
        await Apply(Some.Delta("a", samples: [.. Enumerable.Range(0, 7).Select(n => Some.Sample($"e{n}"))]) with { Feedback = null });
        await Apply(Some.Delta("b", project: Some.Project + 1, samples: [Some.Sample("e3"), Some.Sample("other")]));
        await Apply(Words(Some.Project, "e1", "f1"), Words(Some.Project, "e1", "f2"), Words(Some.Project + 1, "e1", "f3"), Words(Some.Project, "e0123", "f4"));

        var events = new List<string>();
        string? after = null;
        while (await Store.WalkEventsAsync(Some.Project, after, 3, default) is { Count: > 0 } page)
            events.AddRange(page.Select(e => after = e.EventId));
        var words = new List<string>();
        EventFeedback? last = null;
        while (await Store.WalkFeedbackAsync(Some.Project, last, 2, default) is { Count: > 0 } page)
            words.AddRange(page.Select(one => (last = one).Id));

        events.Should().Equal("e0", "e1", "e2", "e3", "e4", "e5", "e6");
        words.Should().BeEquivalentTo("f1", "f2", "f4");
    }

    [Test]
    public async Task Erase_TakesEventsWordsAndUsers_AndCountsStay()
    {
        await Apply(
            Some.Delta("a", count: 5, users: ["ann", "bob"], samples: [Some.Sample("e1"), Some.Sample("e2")]),
            Some.Delta("b", count: 3, users: ["ann"], samples: [Some.Sample("e3")]),
            Some.Delta("a", project: Some.Project + 1, users: ["ann"], samples: [Some.Sample("e1")]));
        await Apply(Words(Some.Project, "e1", "f1"), Words(Some.Project, "e2", "f2"));
        var erase = new StoreCommand { Id = "erase1", Kind = CommandKind.Erase, IssueId = 0, At = Some.Start, ProjectId = Some.Project, Events = ["e1", "nowhere"], Users = ["ann"] };

        var applied = await Command(erase);
        await Command(erase);

        applied.Changed.Should().HaveCount(2);
        (await Store.GetEventAsync(Some.Project, "e1", default)).Should().BeNull();
        (await Store.GetEventAsync(Some.Project, "e2", default)).Should().NotBeNull();
        (await Store.GetEventAsync(Some.Project + 1, "e1", default)).Should().NotBeNull("another project's event has the same id");
        (await Store.ListFeedbackOfEventAsync(Some.Project, "e1", default)).Should().BeEmpty();
        (await Store.ListFeedbackOfEventAsync(Some.Project, "e2", default)).Should().ContainSingle();
        var mine = await Issues(Some.Query with { ProjectId = Some.Project, Sort = IssueSort.Count });
        mine.Select(issue => (issue.Count, issue.Users)).Should().Equal((5, 1), (3, 0));
        (await Issues(Some.Query with { ProjectId = Some.Project + 1 })).Single().Users.Should().Be(1);
        (await Store.AppliedCommandsAsync(["erase1"], default)).Should().Contain("erase1");
    }

    [Test]
    public async Task Erase_ThenTheUserComesBack_CountsAnew()
    {
        await Apply(Some.Delta("a", users: ["ann", "bob"], samples: [Some.Sample("e1")]));
        await Command(new StoreCommand { Id = "erase1", Kind = CommandKind.Erase, IssueId = 0, At = Some.Start, ProjectId = Some.Project, Events = ["e1"], Users = ["ann"] });

        await Apply(Some.Delta("a", users: ["ann"], samples: [Some.Sample("e9")]));

        (await OnlyIssue()).Users.Should().Be(2);
        (await Store.ListSamplesAsync((await OnlyIssue()).Id, 10, default)).Should().ContainSingle().Which.EventId.Should().Be("e9");
    }

    [Test]
    public async Task Erase_OfANameInTexts_TakesItFromTitlesWordsAndFacets_AndFromWhatCouldNotBeStored()
    {
        const string ann = "Ann.Smith@shop.example";
        await Apply(
            Some.Delta("a", count: 5, title: $"Error: no basket of {ann}", culprit: $"find ({ann})", facets: [new("tag:mail", ann, 2), new("tag:mail", "x" + ann, 3), new("page", $"/of/{ann}", 5)], samples: [Some.Sample("e1", message: $"no basket of {ann}")])
                with { Grouping = new("v1", "a", ["Error", $"message: no basket of {ann}"]) { Notes = [$"{ann} counts"] } },
            Some.Delta("b", facets: [new("tag:mail", ann.ToUpperInvariant(), 1)]), Some.Delta("c", title: "Error: kettle"), Some.Delta("bad", count: -1, title: $"of {ann}"),
            Some.Delta("a", project: Some.Project + 1, title: $"Error: no basket of {ann}"));
        var found = await Store.FindMentionsAsync(Some.Project, ann, default);
        found.Should().Equal("v1:a", "v1:b");
        var erase = new StoreCommand { Id = "erase1", Kind = CommandKind.Erase, IssueId = 0, At = Some.Start, ProjectId = Some.Project, Events = ["e1"], Fingerprints = found, Text = ann };

        await Command(erase);

        (await Store.FindMentionsAsync(Some.Project, ann, default)).Should().Equal(["v1:a"], "what is in a longer word is another's");
        var mine = await Issues(Some.Query with { ProjectId = Some.Project, Text = "basket" });
        var issue = mine.Should().ContainSingle().Subject;
        (issue.Title, issue.Culprit, issue.Count).Should().Be(("Error: no basket of [erased]", "find ([erased])", 5));
        (await Issues(Some.Query with { ProjectId = Some.Project, Text = "smith" })).Should().BeEmpty();
        (await Issues(Some.Query with { ProjectId = Some.Project, Terms = [new("tag:mail", ann)] })).Should().BeEmpty();
        var detail = await Detail(issue.Id);
        string.Join(' ', [.. detail.Fingerprints[0].Tokens, .. detail.Fingerprints[0].Notes!]).Should().NotContain("Smith").And.Contain("basket of [erased]");
        (await Store.GetFacetsAsync(issue.Id, 9, default)).Single(facet => facet.Dimension == "tag:mail").Values.Should().Equal(new FacetValue("x" + ann, 3));
        (await Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 9), default)).Pages.Should().BeEmpty();
        (await Store.GetProjectFacetsAsync(Some.Project, Some.Start, Some.Start, default)).Counts.Should().OnlyContain(count => count.Dimension != "page");
        var refused = (await Store.ListRefusedAsync(9, default)).Should().ContainSingle().Subject;
        (refused.Delta.Title, refused.Delta.Count).Should().Be(("[erased]", -1));
        (await Issues(Some.Query with { ProjectId = Some.Project + 1 })).Single().Title.Should().Contain("Ann.Smith");
    }

    [Test]
    public async Task Erase_OfAnEvent_TakesTheWordsThatOnlyItHad()
    {
        await Apply(Some.Delta("a", samples: [Some.Sample("e1", "n1", message: "voucher of somebody"), Some.Sample("e2", "n2", message: "kettle is cold")]));
        (await Issues(Some.Query with { Text = "voucher" })).Should().ContainSingle();

        await Command(new StoreCommand { Id = "erase1", Kind = CommandKind.Erase, IssueId = 0, At = Some.Start, ProjectId = Some.Project, Events = ["e1"] });

        (await Issues(Some.Query with { Text = "voucher" })).Should().BeEmpty();
        (await Issues(Some.Query with { Text = "kettle" })).Should().ContainSingle();
    }

    [Test]
    public async Task Purge_OfAProjectThatKeepsLess_LeavesOthersAlone()
    {
        const long day = 24 * Some.HourMs;
        EventSample[] Samples(string name) => [Some.Sample(name + "-old", "n1", at: -9 * day), .. Enumerable.Range(0, 6).Select(n => Some.Sample($"{name}-{n}", $"m{n}", at: -day + n))];
        await Apply(Some.Delta("a", samples: Samples("a")), Some.Delta("a", project: Some.Project + 1, samples: Samples("b")));
        await Apply(Words(Some.Project, "a-old", "f1", -9 * day), Words(Some.Project + 1, "b-old", "f2", -9 * day), Words(Some.Project, "a-1", "f3", -day));
        var policy = new RetentionPolicy(TimeSpan.FromDays(90), 0) { Projects = [new(Some.Project, 7, 4)] };

        var purged = await Store.PurgeAsync(Token, policy, Some.Now, default);

        (await Store.WalkEventsAsync(Some.Project, null, 100, default)).Should().HaveCount(4).And.NotContain(e => e.EventId == "a-old");
        (await Store.WalkEventsAsync(Some.Project + 1, null, 100, default)).Should().HaveCount(7);
        (await Store.WalkFeedbackAsync(Some.Project, null, 100, default)).Should().ContainSingle().Which.Id.Should().Be("f3");
        (await Store.WalkFeedbackAsync(Some.Project + 1, null, 100, default)).Should().ContainSingle();
        purged.Events.Should().BeGreaterThanOrEqualTo(3);
    }

    private static IssueDelta Words(int project, string about, string id, long at = 0) => Some.Delta("words" + id, project: project) with
    {
        Feedback = [new(id, about, Some.Start + at, "Ann", "ann@example.com", "it broke")],
    };
}

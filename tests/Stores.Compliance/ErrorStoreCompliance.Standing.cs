using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What people decide about issues beyond open and closed: until when, by whom, what is said, and taking it back.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Ignore_UntilSoManyMoreEvents_OpensWithTheLastOfThem()
    {
        await Apply(Some.Delta("a", count: 3));
        var issue = (await OnlyIssue()).Id;
        await Command(Some.Command(CommandKind.Ignore, issue, at: 100) with { UntilEvents = 5 });
        (await Detail(issue)).Ignored.Should().Be(new IssueIgnore(null, 8, null));

        await Apply(Some.Delta("a", count: 4, received: 200));
        (await OnlyIssue()).State.Should().Be(IssueState.Ignored);
        await Apply(Some.Delta("a", count: 1, received: 300));

        (await OnlyIssue()).State.Should().Be(IssueState.Open);
        var detail = await Detail(issue);
        detail.Ignored.Should().BeNull();
        detail.History.Select(entry => (entry.What, entry.Detail)).Should().Equal(("created", null), ("ignore", "events:5"), ("woken", "events:8"));
        detail.History[^1].At.Should().Be(Some.Start + 300);
        await Apply(Some.Delta("a", count: 9, received: 400));
        (await Detail(issue)).History.Should().HaveCount(3, "it is open already");
    }

    [Test]
    public async Task Ignore_UntilSoManyMoreUsers_OpensWithTheLastOfThem()
    {
        await Apply(Some.Delta("a", users: ["u1"]));
        var issue = (await OnlyIssue()).Id;
        await Command(Some.Command(CommandKind.Ignore, issue, at: 100) with { UntilUsers = 2 });

        await Apply(Some.Delta("a", users: ["u1", "u2"], received: 200));
        (await OnlyIssue()).State.Should().Be(IssueState.Ignored);
        await Apply(Some.Delta("a", users: ["u3"], received: 300));

        (await OnlyIssue()).State.Should().Be(IssueState.Open);
        (await Detail(issue)).History[^1].Should().BeEquivalentTo(new { What = "woken", Detail = "users:3" });
    }

    [Test]
    public async Task Ignore_UntilATime_OpensWhenItHasCome()
    {
        await Apply(Some.Delta("a"), Some.Delta("b"));
        var issue = (await Issues()).Single(row => row.Title.EndsWith('a')).Id;
        await Command(Some.Command(CommandKind.Ignore, issue, at: 100) with { Until = Some.Start + 5000 });

        (await Store.WakeAsync(Token, Some.Now.AddMilliseconds(4999), default)).Changed.Should().BeEmpty();
        var woken = await Store.WakeAsync(Token, Some.Now.AddMilliseconds(5000), default);

        woken.Changed.Should().Equal(new IssueChange(Some.Project, issue, IsNew: false));
        (await Detail(issue)).Issue.State.Should().Be(IssueState.Open);
        (await Detail(issue)).History[^1].Should().BeEquivalentTo(new { At = Some.Start + 5000, What = "woken", Detail = $"until:{Some.Start + 5000}" });
        (await Store.WakeAsync(Token, Some.Now.AddDays(1), default)).Changed.Should().BeEmpty();
    }

    [Test]
    public async Task Wake_WithAnOldToken_IsRefused()
    {
        await Open().TakeLeadershipAsync("other", default);

        var wake = () => Store.WakeAsync(Token, Some.Now, default);

        await wake.Should().ThrowAsync<FencedException>();
    }

    [Test]
    public async Task Ignore_ThenReopenedByAPerson_WaitsForNothing()
    {
        await Apply(Some.Delta("a"));
        var issue = (await OnlyIssue()).Id;
        await Command(Some.Command(CommandKind.Ignore, issue, at: 100) with { Until = Some.Start + 5000, UntilEvents = 5 });
        await Command(CommandKind.Reopen, issue, at: 200);
        await Command(CommandKind.Resolve, issue, at: 300);

        (await Store.WakeAsync(Token, Some.Now.AddDays(1), default)).Changed.Should().BeEmpty();

        (await OnlyIssue()).State.Should().Be(IssueState.Resolved);
    }

    [Test]
    public async Task Resolve_FromNowOn_ReopensByAnyLaterEvent()
    {
        await Apply(Some.Delta("a", received: 1).Of("1.0.0"));
        var issue = (await OnlyIssue()).Id;
        await Command(Some.Command(CommandKind.Resolve, issue, at: 100) with { How = ResolveHow.Now });
        (await Detail(issue)).Resolution.Should().Be(new IssueResolution(Some.Start + 100, null, 0));

        await Apply(Some.Delta("a", received: 101).Of("1.0.0"));

        (await OnlyIssue()).State.Should().Be(IssueState.Open);
    }

    [Test]
    public async Task Resolve_InTheNextRelease_DrainsUntilThen()
    {
        await Apply(Some.Delta("a", received: 1).Of("1.0.0"));
        var issue = (await OnlyIssue()).Id;
        await Command(Some.Command(CommandKind.Resolve, issue, at: 100) with { How = ResolveHow.Next });

        await Apply(Some.Delta("a", count: 2, received: 200).Of("1.0.0"));
        (await Detail(issue)).Resolution.Should().Be(new IssueResolution(Some.Start + 100, "1.0.0", 2) { InNext = true });
        (await OnlyIssue()).Draining.Should().Be(2);
        await Apply(Some.Delta("a", received: 300).Of("1.0.1"));

        (await OnlyIssue()).Should().BeEquivalentTo(new { State = IssueState.Open, RegressedIn = "1.0.1", Draining = 0 });
        (await Detail(issue)).History.Select(entry => (entry.What, entry.Detail)).Should().Equal(("created", null), ("resolve_next", "1.0.0"), ("regressed", "1.0.1"));
    }

    [Test]
    public async Task Assign_ToSomebody_IsToldAndFound()
    {
        await Apply(Some.Delta("a"), Some.Delta("b"));
        var issue = (await Issues()).Single(row => row.Title.EndsWith('a')).Id;
        await Command(Some.Command(CommandKind.Assign, issue, at: 100) with { Assignee = "ann@example.com" });
        async Task<string> Found(IssueQuery query) => string.Concat((await Issues(query)).Select(row => row.Title[^1]).Order());

        (await Detail(issue)).Issue.Should().BeEquivalentTo(new { Assignee = "ann@example.com", State = IssueState.Open });
        (await Detail(issue)).History[^1].Should().BeEquivalentTo(new { What = "assign", By = "ada", Detail = "ann@example.com" });
        (await Found(Some.Query with { Assignees = ["bob", "ann@example.com"] })).Should().Be("a");
        (await Found(Some.Query with { NotAssignee = "ann@example.com" })).Should().Be("b");
        (await Found(Some.Query with { NotAssignee = "bob" })).Should().Be("ab");
        (await Found(Some.Query with { Assigned = true })).Should().Be("a");
        (await Found(Some.Query with { Assigned = false })).Should().Be("b");

        await Command(CommandKind.Resolve, issue, at: 200);
        await Apply(Some.Delta("a", received: 300));
        (await Detail(issue)).Issue.Assignee.Should().Be("ann@example.com", "whose it is does not end with a state");
        await Command(Some.Command(CommandKind.Assign, issue, at: 400));
        (await Found(Some.Query with { Assigned = true })).Should().BeEmpty();
    }

    [Test]
    public async Task Comment_IsKeptUntilWhoSaidItTakesItAway()
    {
        await Apply(Some.Delta("a"));
        var issue = (await OnlyIssue()).Id;
        await Command(Some.Command(CommandKind.Comment, issue, at: 200, id: "c2") with { Text = "and <b>again</b>\nhere" });
        await Command(Some.Command(CommandKind.Comment, issue, at: 100, id: "c1") with { Text = "it is the cart", By = "ann" });
        await Command(Some.Command(CommandKind.Comment, issue, at: 300, id: "c3") with { Text = "  " });

        (await Store.ListCommentsAsync(Some.Project, issue, 10, default)).Should().Equal(
            new IssueComment("c1", Some.Start + 100, "ann", "it is the cart"), new IssueComment("c2", Some.Start + 200, "ada", "and <b>again</b>\nhere"));
        (await Store.ListCommentsAsync(Some.Project + 1, issue, 10, default)).Should().BeEmpty();

        await Command(Some.Command(CommandKind.Uncomment, issue, at: 400) with { Text = "c1" });
        (await Store.ListCommentsAsync(Some.Project, issue, 10, default)).Should().HaveCount(2, "ada did not say it");
        await Command(Some.Command(CommandKind.Uncomment, issue, at: 500) with { Text = "c1", By = "ann" });
        (await Store.ListCommentsAsync(Some.Project, issue, 10, default)).Should().ContainSingle();
        await Command(CommandKind.Delete, issue, at: 600);
        (await Store.ListCommentsAsync(Some.Project, issue, 10, default)).Should().BeEmpty();
    }

    [Test]
    public async Task Restore_OfABatch_BringsEachStateBackExactly()
    {
        await Apply(Some.Delta("a", received: 1).Of("1.0.0"), Some.Delta("b", received: 1), Some.Delta("c", received: 1));
        var issues = (await Issues()).ToDictionary(row => row.Title[^1], row => row.Id);
        await Command(Some.Command(CommandKind.Resolve, issues['a'], at: 100) with { How = ResolveHow.Next });
        await Command(Some.Command(CommandKind.Ignore, issues['b'], at: 100) with { UntilEvents = 5 });
        await Command(Some.Command(CommandKind.Assign, issues['b'], at: 110) with { Assignee = "ann" });
        var before = await Standings(issues.Values);

        foreach (var issue in issues.Values)
            await Command(Some.Command(CommandKind.Reopen, issue, at: 200) with { Batch = "batch" });
        (await Issues(Some.Query with { State = IssueState.Open })).Should().HaveCount(3);
        var restored = await Command(Some.Command(CommandKind.Restore, 0, at: 300) with { Batch = "batch" });

        restored.Changed.Select(change => change.IssueId).Should().BeEquivalentTo(issues.Values);
        (await Standings(issues.Values)).Should().BeEquivalentTo(before);
        (await Detail(issues['a'])).History[^1].What.Should().Be("restore");
        (await Command(Some.Command(CommandKind.Restore, 0, at: 400) with { Batch = "batch" })).Changed.Should().BeEmpty("it was taken back already");
    }

    [Test]
    public async Task Restore_OfWhatSomebodyHasChangedSince_LeavesIt()
    {
        await Apply(Some.Delta("a", received: 1), Some.Delta("b", received: 1));
        var issues = (await Issues()).ToDictionary(row => row.Title[^1], row => row.Id);
        foreach (var issue in issues.Values)
            await Command(Some.Command(CommandKind.Resolve, issue, at: 100) with { Batch = "batch" });
        await Command(CommandKind.Ignore, issues['a'], at: 200);

        await Command(Some.Command(CommandKind.Restore, 0, at: 300) with { Batch = "batch" });

        (await Detail(issues['a'])).Issue.State.Should().Be(IssueState.Ignored);
        (await Detail(issues['b'])).Issue.State.Should().Be(IssueState.Open);
    }

    [Test]
    public async Task Restore_OfAReopen_HoldsWhatArrivedMeanwhileAgainstTheResolve()
    {
        await Apply(Some.Delta("a", received: 1));
        var issue = (await OnlyIssue()).Id;
        await Command(CommandKind.Resolve, issue, at: 100);
        await Command(Some.Command(CommandKind.Reopen, issue, at: 200) with { Batch = "batch" });
        await Apply(Some.Delta("a", received: 250));

        await Command(Some.Command(CommandKind.Restore, 0, at: 300) with { Batch = "batch" });

        (await OnlyIssue()).State.Should().Be(IssueState.Open);
        (await Detail(issue)).History[^1].What.Should().Be("reopened");
    }

    [Test]
    public async Task Merge_TakenBack_BringsBackWhatWasDecided()
    {
        await Apply(Some.Delta("a"), Some.Delta("b"));
        var issues = (await Issues()).ToDictionary(row => row.Title[^1], row => row.Id);
        await Command(Some.Command(CommandKind.Ignore, issues['b'], at: 100) with { UntilEvents = 50 });
        await Command(Some.Command(CommandKind.Assign, issues['b'], at: 110) with { Assignee = "ann" });
        var before = await Standings([issues['b']]);
        await Command(Some.Merge(issues['a'], issues['b']));

        await Command(Some.Undo(issues['a'], (await Store.ListMovesAsync(Some.Project, issues['a'], 1, default))[0].Id));

        (await Standings([issues['b']])).Should().BeEquivalentTo(before);
    }

    private async Task<List<object>> Standings(IEnumerable<long> issues)
    {
        List<object> standings = [];
        foreach (var issue in issues)
        {
            var detail = await Detail(issue);
            standings.Add(new { detail.Issue.Id, detail.Issue.State, detail.Issue.Assignee, detail.Issue.RegressedIn, detail.Resolution, detail.Ignored });
        }

        return standings;
    }
}

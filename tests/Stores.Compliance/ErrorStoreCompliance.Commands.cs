using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>States of issues: what people ask for, and what events do to it.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Resolve_ThenEventReceivedBefore_StaysResolved()
    {
        await Apply(Some.Delta("a", at: 10));
        var issue = (await OnlyIssue()).Id;
        await Command(CommandKind.Resolve, issue, at: 100);

        await Apply(Some.Delta("a", at: 500, received: 100)); // the visitor's clock says later; the server's decides

        (await OnlyIssue()).Should().BeEquivalentTo(new { State = IssueState.Resolved, Count = 2 });
    }

    [Test]
    public async Task Resolve_ThenEventReceivedAfter_Reopens()
    {
        await Apply(Some.Delta("a", at: 10));
        var issue = (await OnlyIssue()).Id;
        await Command(CommandKind.Resolve, issue, at: 100);

        await Apply(Some.Delta("a", at: 20, received: 101));

        (await OnlyIssue()).State.Should().Be(IssueState.Open);
        var history = (await Detail(issue)).History;
        history.Select(entry => entry.What).Should().Equal("created", "resolve", "reopened");
        history[1].Should().Be(new IssueHistoryEntry(Some.Start + 100, "resolve", "ada"));
        history[2].Should().Be(new IssueHistoryEntry(Some.Start + 101, "reopened", null));
    }

    [Test]
    public async Task Resolve_AppliedAfterALaterEvent_LeavesTheIssueOpen()
    {
        await Apply(Some.Delta("a", received: 101));
        var issue = (await OnlyIssue()).Id;

        await Command(CommandKind.Resolve, issue, at: 100);

        (await OnlyIssue()).State.Should().Be(IssueState.Open);
        (await Detail(issue)).History.Select(entry => entry.What).Should().Equal("created", "resolve", "reopened");
    }

    [Test]
    public async Task Ignore_WhateverArrives_StaysIgnoredUntilReopened()
    {
        await Apply(Some.Delta("a"));
        var issue = (await OnlyIssue()).Id;
        await Command(CommandKind.Ignore, issue, at: 100);
        await Apply(Some.Delta("a", at: 1000));
        (await OnlyIssue()).State.Should().Be(IssueState.Ignored);

        await Command(CommandKind.Reopen, issue, at: 2000);

        (await OnlyIssue()).State.Should().Be(IssueState.Open);
    }

    [Test]
    public async Task Command_SameIdTwice_IsAppliedOnce()
    {
        await Apply(Some.Delta("a"));
        var issue = (await OnlyIssue()).Id;
        await Command(CommandKind.Resolve, issue, at: 100, id: "c1");
        await Command(CommandKind.Reopen, issue, at: 200, id: "c2");

        var again = await Command(CommandKind.Resolve, issue, at: 100, id: "c1");

        again.Changed.Should().BeEmpty();
        (await OnlyIssue()).State.Should().Be(IssueState.Open);
        (await Store.AppliedCommandsAsync(["c1", "c2", "c3"], default)).Should().BeEquivalentTo(["c1", "c2"]);
        (await Store.ReadCursorAsync("commands", default)).Should().Be(Some.Id(3));
    }

    [Test]
    public async Task Command_ForAnIssueThatIsGone_CountsAsApplied()
    {
        var applied = await Command(CommandKind.Resolve, issue: 4711, at: 0, id: "c1");

        applied.Changed.Should().BeEmpty();
        (await Store.AppliedCommandsAsync(["c1"], default)).Should().Equal("c1");
    }

    [Test]
    public async Task Command_FromAStaleCursor_IsRefused()
    {
        await Apply(Some.Delta("a"));
        await Command(CommandKind.Ignore, (await OnlyIssue()).Id, at: 100);

        var stale = () => Store.ApplyCommandsAsync(Token, StreamId.Zero, [new(Some.Id(1), Some.Command(CommandKind.Delete, 1, 0))], default);

        await stale.Should().ThrowAsync<CursorMovedException>();
        (await OnlyIssue()).State.Should().Be(IssueState.Ignored);
    }

    [Test]
    public async Task Delete_TakesEverythingOfTheIssue()
    {
        await Apply(Some.Delta("a", samples: [Some.Sample("e1")], users: ["u"]), Some.Delta("b"));
        var issue = (await Issues(Some.Query with { Text = "renderCart" })).Single().Id;

        await Command(CommandKind.Delete, issue, at: 100);

        (await OnlyIssue()).Id.Should().NotBe(issue);
        (await Store.GetIssueAsync(Some.Project, issue, default)).Should().BeNull();
        (await Store.GetEventAsync(Some.Project, "e1", default)).Should().BeNull();
        (await Store.GetFacetsAsync(issue, 10, default)).Should().BeEmpty();
        (await Store.GetSeriesAsync(issue, Some.Hour, Some.Hour, null, default)).Should().Equal(0);
        (await Issues(Some.Query with { Text = "renderCart" })).Should().BeEmpty();
    }

    [Test]
    public async Task Delete_ThenEventReceivedBefore_IsDroppedAndCountedStored()
    {
        await Apply(Some.Delta("a", count: 5));
        await Command(CommandKind.Delete, (await OnlyIssue()).Id, at: 100);

        var late = await Apply(Some.Delta("a", count: 3, at: 500, received: 100, samples: [Some.Sample("e9")]));

        late.Changed.Should().BeEmpty();
        (await Issues()).Should().BeEmpty();
        (await Store.GetEventAsync(Some.Project, "e9", default)).Should().BeNull();
        (await Store.ListOutcomesAsync(null, 0, default)).Sum(outcome => outcome.Count).Should().Be(8);
    }

    [Test]
    public async Task Delete_ThenEventReceivedAfter_MakesANewIssueThatOldEventsDoNotFeed()
    {
        await Apply(Some.Delta("a", count: 5));
        var first = (await OnlyIssue()).Id;
        await Command(CommandKind.Delete, first, at: 100);

        await Apply(Some.Delta("a", count: 2, received: 101));
        await Apply(Some.Delta("a", count: 7, received: 99));

        var issue = await OnlyIssue();
        issue.Id.Should().NotBe(first);
        issue.Count.Should().Be(2);
        (await Store.GetSeriesAsync(issue.Id, Some.Hour, Some.Hour, null, default)).Should().Equal(2);
    }
}

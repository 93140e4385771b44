using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>The map of fingerprints to issues: merged, split, taken back; counters never move.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Merge_TwoIssues_AreOneWithTheUsersOfBothCountedOnce()
    {
        var (a, b) = await TwoIssues();
        var preview = (await Store.PreviewMergeAsync(Some.Project, [a, b], default))!;

        var applied = await Command(Some.Merge(a, b));

        applied.Changed.Select(change => change.IssueId).Should().BeEquivalentTo([a, b]);
        var issue = await OnlyIssue();
        issue.Should().BeEquivalentTo(new { Id = a, Count = 12, Users = 3, FirstSeen = Some.Start + 10, LastSeen = Some.Start + 90, Title = "TypeError: b" });
        preview.Should().BeEquivalentTo(new { issue.Count, issue.Users, issue.FirstSeen, issue.LastSeen, issue.Title, issue.Culprit, Fingerprints = 2 });
        preview.Issues.Select(row => row.Title).Should().Equal("TypeError: a", "TypeError: b");
        (await Store.GetSeriesAsync(a, Some.Hour, Some.Hour, null, default)).Should().Equal(12);
        (await Store.GetFacetsAsync(a, 5, default)).Single(facet => facet.Dimension == "browser").Total.Should().Be(12);
        (await Store.ListSamplesAsync(a, 10, default)).Select(sample => sample.EventId).Should().BeEquivalentTo(["ea", "eb"]);
        (await Issues(Some.Query with { Text = "renderWishes" })).Single().Id.Should().Be(a);
        (await Store.ListFingerprintsAsync(a, 5, default)).Select(f => (f.Grouping.Fingerprint, f.Count)).Should().Equal(("a", 7), ("b", 5));
        (await Detail(a)).History[^1].Should().Be(new IssueHistoryEntry(Some.Start + 5000, "merged", "ada") { Detail = $"{b}" });
    }

    [Test]
    public async Task Merge_OldNumber_LeadsToTheIssueThatHasItsFingerprints()
    {
        var (a, b) = await TwoIssues();
        await Apply(Some.Delta("c"));
        var c = (await Issues()).Single(row => row.Title == "TypeError: c").Id;

        await Command(Some.Merge(a, b));
        await Command(Some.Merge(c, a));

        (await Store.GetIssueAsync(Some.Project, b, default)).Should().BeNull();
        (await Store.FindHolderAsync(Some.Project, b, default)).Should().Be(c);
        (await Store.FindHolderAsync(Some.Project, a, default)).Should().Be(c);
        (await Store.FindHolderAsync(Some.Project + 1, b, default)).Should().BeNull();
        (await Store.FindHolderAsync(Some.Project, c, default)).Should().BeNull("it is a live issue");
        (await Store.FindHolderAsync(Some.Project, 4711, default)).Should().BeNull();
    }

    [Test]
    public async Task Merge_ThenEventsOfBoth_CountInTheOne()
    {
        var (a, b) = await TwoIssues();
        await Command(Some.Merge(a, b));

        var applied = await Apply(Some.Delta("a", count: 2), Some.Delta("b", count: 3));

        applied.Changed.Should().Equal(new IssueChange(Some.Project, a, IsNew: false));
        (await OnlyIssue()).Count.Should().Be(17);
    }

    [Test]
    public async Task Undo_OfAMerge_GivesTheOldIssueItsNumberAndStateBack()
    {
        var (a, b) = await TwoIssues();
        await Command(CommandKind.Ignore, b, at: 200);
        var before = await Detail(b);
        await Command(Some.Merge(a, b));
        await Apply(Some.Delta("b", count: 3));

        await Command(Some.Undo(a, await LastMove(a)));

        (await Issues()).Select(row => (row.Id, row.Count)).Should().BeEquivalentTo([(a, 7L), (b, 8L)]);
        var after = await Detail(b);
        after.Issue.Should().BeEquivalentTo(before.Issue, options => options.Excluding(row => row.Count).Excluding(row => row.Trend).Excluding(row => row.FirstSeen));
        after.History.Select(entry => entry.What).Should().Equal("created", "ignore", "undo");
        (await Store.FindHolderAsync(Some.Project, b, default)).Should().BeNull();
        (await Issues(Some.Query with { Text = "renderWishes" })).Single().Id.Should().Be(b);
        var moves = await Store.ListMovesAsync(Some.Project, a, 10, default);
        moves.Select(move => move.What).Should().Equal("undo", "merge");
        moves[1].UndoneBy.Should().Be(moves[0].Id);
        moves[1].Parts.Should().Equal(new MovedFingerprint("v1", "b", b, a));
        moves[1].By.Should().Be("ada");
    }

    [Test]
    public async Task Undo_TwiceOrOfAnotherProjectsMove_ChangesNothing()
    {
        var (a, b) = await TwoIssues();
        await Apply(Some.Delta("x", project: 99));
        var stranger = (await Issues(Some.Query with { ProjectId = 99 })).Single().Id;
        await Command(Some.Merge(a, b));
        var move = await LastMove(a);

        await Command(Some.Undo(stranger, move));
        (await Issues(Some.Query with { ProjectId = Some.Project })).Should().ContainSingle();
        await Command(Some.Undo(a, move));
        await Command(Some.Merge(a, b));
        await Command(Some.Undo(a, move));

        (await Issues(Some.Query with { ProjectId = Some.Project })).Should().ContainSingle("that move is taken back already");
    }

    [Test]
    public async Task Undo_OfAnUndo_MergesAgain()
    {
        var (a, b) = await TwoIssues();
        await Command(Some.Merge(a, b));
        await Command(Some.Undo(a, await LastMove(a)));

        await Command(Some.Undo(a, await LastMove(a)));

        (await OnlyIssue()).Should().BeEquivalentTo(new { Id = a, Count = 12 });
        (await Store.FindHolderAsync(Some.Project, b, default)).Should().Be(a);
    }

    [Test]
    public async Task Undo_AfterTheIssueWasMergedOn_BringsBackWhatTheMoveTookAlone()
    {
        var (a, b) = await TwoIssues();
        await Apply(Some.Delta("c"));
        var c = (await Issues()).Single(row => row.Title == "TypeError: c").Id;
        await Command(Some.Merge(a, b));
        var move = await LastMove(a);
        await Command(Some.Merge(c, a));

        await Command(Some.Undo(c, move));

        (await Issues()).Select(row => (row.Id, row.Count)).Should().BeEquivalentTo([(c, 8L), (b, 5L)]);
        (await Store.FindHolderAsync(Some.Project, a, default)).Should().Be(c);
    }

    [Test]
    public async Task Merge_OfNothingLiveOrOfItself_ChangesNothing()
    {
        var (a, _) = await TwoIssues();
        await Apply(Some.Delta("x", project: 99));
        var stranger = (await Issues(Some.Query with { ProjectId = 99 })).Single().Id;

        await Command(Some.Merge(a, a, 4711, stranger));
        await Command(Some.Merge(4711, a));

        (await Issues()).Should().HaveCount(3);
        (await Store.ListMovesAsync(Some.Project, a, 10, default)).Should().BeEmpty();
        (await Store.PreviewMergeAsync(Some.Project, [a, stranger], default)).Should().BeNull();
    }

    [Test]
    public async Task Merge_IntoAResolvedIssueOfWhatCameLater_Reopens()
    {
        var (a, b) = await TwoIssues();
        await Command(CommandKind.Resolve, a, at: 50);

        await Command(Some.Merge(a, b));

        (await OnlyIssue()).State.Should().Be(IssueState.Open, "events of b were received after the resolve");
    }

    [Test]
    public async Task Split_SomeFingerprints_GetAnIssueOfTheirOwnAndCanComeBack()
    {
        var (a, b) = await TwoIssues();
        await Command(Some.Merge(a, b));

        await Command(Some.Command(CommandKind.Split, a, at: 5500) with { Fingerprints = ["v1:b", "v1:nonsense", "?"] });

        var rows = await Issues();
        rows.Select(row => row.Count).Should().BeEquivalentTo([7L, 5L]);
        var created = rows.Single(row => row.Count == 5);
        created.Id.Should().NotBe(b, "it is no undo");
        (await Store.FindHolderAsync(Some.Project, b, default)).Should().Be(created.Id, "that issue has b's fingerprints now");
        (await Detail(created.Id)).History.Should().ContainSingle().Which.Detail.Should().Be($"{a}");

        await Command(Some.Undo(a, await LastMove(a)));
        (await OnlyIssue()).Count.Should().Be(12);
        (await Store.FindHolderAsync(Some.Project, created.Id, default)).Should().Be(a);
    }

    [Test]
    public async Task Split_OfAllFingerprints_ChangesNothing()
    {
        var (a, _) = await TwoIssues();

        await Command(Some.Command(CommandKind.Split, a, at: 0) with { Fingerprints = ["v1:a"] });

        (await Issues()).Should().HaveCount(2);
    }

    [Test]
    public async Task Delete_OfAMergedIssue_TakesTheOldNumberWithIt()
    {
        var (a, b) = await TwoIssues();
        await Command(Some.Merge(a, b));
        var move = await LastMove(a);

        await Command(CommandKind.Delete, a, at: 7000);
        await Command(Some.Undo(a, move));

        (await Issues()).Should().BeEmpty();
        (await Store.FindHolderAsync(Some.Project, b, default)).Should().BeNull();
        (await Apply(Some.Delta("b", received: 6999))).Changed.Should().BeEmpty("it was received before the delete");
    }

    [Test]
    public async Task Alias_OfAKnownFingerprint_LetsANewOneJoinItsIssue()
    {
        await Apply(Some.Delta("unmapped", count: 2).Named(new GroupingAlias(GroupingAlias.Build, "stack@1.0")));
        var first = (await OnlyIssue()).Id;

        var applied = await Apply(Some.Delta("mapped", count: 3).Named(new GroupingAlias(GroupingAlias.Build, "stack@1.0", Mapped: true)));

        applied.Changed.Should().Equal(new IssueChange(Some.Project, first, IsNew: false));
        (await OnlyIssue()).Count.Should().Be(5);
        (await Detail(first)).History.Select(entry => (entry.What, entry.Detail)).Should().Equal(("created", null), ("joined", "mapped"));
    }

    [Test]
    public async Task Alias_WhicheverComesFirst_MakesOneIssue()
    {
        await Apply(Some.Delta("mapped").Named(new GroupingAlias(GroupingAlias.Build, "stack@1.0", Mapped: true)));

        await Apply(Some.Delta("unmapped").Named(new GroupingAlias(GroupingAlias.Build, "stack@1.0")));

        (await OnlyIssue()).Count.Should().Be(2);
    }

    [Test]
    public async Task Alias_OfTwoFingerprintsThatMapsTold_JoinsNothing()
    {
        // Two functions that the minifier put into one: maps tell them apart, and so they stay.
        await Apply(Some.Delta("one").Named(new GroupingAlias(GroupingAlias.Build, "stack@1.0", Mapped: true)));
        await Apply(Some.Delta("two").Named(new GroupingAlias(GroupingAlias.Build, "stack@1.0", Mapped: true)));
        await Apply(Some.Delta("three").Named(new GroupingAlias(GroupingAlias.Build, "stack@2.0", Mapped: true)));
        await Apply(Some.Delta("four", project: 99).Named(new GroupingAlias(GroupingAlias.Build, "stack@1.0")));

        (await Issues()).Should().HaveCount(4);
    }

    [Test]
    public async Task Alias_OfAnEarlierVersion_LetsVersionTwoRunBesideOneWithoutSplittingHistory()
    {
        await Apply(Some.Delta("old-a", count: 4), Some.Delta("old-b", count: 5));
        var (a, b) = ((await Issues()).Single(row => row.Count == 4).Id, (await Issues()).Single(row => row.Count == 5).Id);
        IssueDelta Two(string fingerprint, string former, long count = 1)
        {
            var delta = Some.Delta(fingerprint, count);
            return (delta with { Grouping = delta.Grouping with { Version = "v2" } }).Named(new GroupingAlias("v1", former));
        }

        await Apply(Two("new-a", "old-a"), Two("finer-a", "old-a"), Two("new-b", "old-b", 10), Two("new-c", "old-c"));
        await Apply(Some.Delta("old-a", count: 2), Some.Delta("old-c")); // workers of the build before, beside those of the new one

        var rows = (await Issues()).ToDictionary(row => row.Id, row => row.Count);
        rows.Should().HaveCount(3).And.Contain(a, 8L).And.Contain(b, 15L);
        rows.Where(row => row.Key != a && row.Key != b).Single().Value.Should().Be(2, "v1 of an error that only v2 knew joins it");
        (await Detail(a)).Fingerprints.Select(f => $"{f.Version}:{f.Fingerprint}").Should().BeEquivalentTo(["v1:old-a", "v2:new-a", "v2:finer-a"]);
    }

    [Test]
    public async Task Alias_OfAnIssueThatWasMerged_JoinsWhereItsFingerprintIsNow()
    {
        var (a, b) = await TwoIssues();
        await Apply(Some.Delta("b").Named(new GroupingAlias(GroupingAlias.Build, "s")));
        await Command(Some.Merge(a, b));

        await Apply(Some.Delta("c").Named(new GroupingAlias(GroupingAlias.Build, "s", Mapped: true)));

        (await OnlyIssue()).Count.Should().Be(14);
    }

    [Test]
    public async Task Alias_OfADeletedFingerprint_DropsWhatWasOnItsWay()
    {
        await Apply(Some.Delta("unmapped").Named(new GroupingAlias(GroupingAlias.Build, "s")));
        await Command(CommandKind.Delete, (await OnlyIssue()).Id, at: 100);

        await Apply(Some.Delta("mapped", received: 100).Named(new GroupingAlias(GroupingAlias.Build, "s", Mapped: true)));
        (await Issues()).Should().BeEmpty();
        await Apply(Some.Delta("mapped", received: 101).Named(new GroupingAlias(GroupingAlias.Build, "s", Mapped: true)));
        (await Issues()).Should().ContainSingle();
    }

    [Test]
    public async Task Notes_OfAGrouping_ExplainItsIssue()
    {
        var delta = Some.Delta("a");
        await Apply(delta with { Grouping = delta.Grouping with { Notes = ["react-dom.js is a library: left out"] } });

        (await Detail((await OnlyIssue()).Id)).Fingerprints.Single().Notes.Should().Equal("react-dom.js is a library: left out");
    }

    private async Task<(long A, long B)> TwoIssues()
    {
        await Apply(
            Some.Delta("a", count: 7, at: 10, users: ["u1", "u2"], samples: [Some.Sample("ea", function: "renderCart")]),
            Some.Delta("b", count: 5, at: 90, users: ["u2", "u3"], samples: [Some.Sample("eb", function: "renderWishes")]));
        var rows = await Issues();
        return (rows.Single(row => row.Title == "TypeError: a").Id, rows.Single(row => row.Title == "TypeError: b").Id);
    }

    private async Task<long> LastMove(long issue) => (await Store.ListMovesAsync(Some.Project, issue, 1, default))[0].Id;
}

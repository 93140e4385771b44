using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What a resolve means when events tell their release.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Resolve_ThenEventsOfThatReleaseOrOlder_StaysResolvedAndCountsThemAsDraining()
    {
        var issue = await ResolvedIn("1.10.0");

        await Apply(Some.Delta("a", count: 3, received: 200).Of("1.9.0"));
        await Apply(Some.Delta("a", count: 4, received: 300).Of("1.10.0"));
        await Apply(Some.Delta("a", count: 100, received: 90).Of("1.10.0"));

        (await OnlyIssue()).Should().BeEquivalentTo(new { State = IssueState.Resolved, Count = 109, RegressedIn = (string?)null });
        (await Detail(issue)).Resolution.Should().Be(new IssueResolution(Some.Start + 100, "1.10.0", 7));
    }

    [Test]
    public async Task Resolve_ThenEventOfANewerRelease_IsARegressionThatNamesIt()
    {
        var issue = await ResolvedIn("1.9.0");

        await Apply(Some.Delta("a", received: 200).Of("1.10.0"));

        (await OnlyIssue()).Should().BeEquivalentTo(new { State = IssueState.Open, RegressedIn = "1.10.0" });
        var detail = await Detail(issue);
        detail.Resolution.Should().BeNull();
        detail.History.Select(entry => (entry.What, entry.Detail)).Should().Equal(("created", null), ("resolve", "1.9.0"), ("regressed", "1.10.0"));
        await Command(CommandKind.Resolve, issue, at: 300);
        (await OnlyIssue()).RegressedIn.Should().BeNull("somebody has looked since");
    }

    [Test]
    public async Task Resolve_NamingARelease_TakesThatOne()
    {
        await Apply(Some.Delta("a", received: 1).Of("1.0.0"), Some.Delta("b", received: 1).Of("3.0.0"));
        var issue = (await Issues()).Single(row => row.Title == "TypeError: a").Id;
        await Command(Some.Command(CommandKind.Resolve, issue, at: 100) with { Release = "2.0.0" });

        await Apply(Some.Delta("a", received: 200).Of("2.0.0"));
        (await Detail(issue)).Issue.State.Should().Be(IssueState.Resolved);
        await Apply(Some.Delta("a", received: 300).Of("2.0.1"));
        (await Detail(issue)).Issue.State.Should().Be(IssueState.Open);
    }

    [Test]
    public async Task Resolve_WhereReleasesAreNoVersions_GoesByFirstTraffic()
    {
        await Apply(Some.Delta("a", received: 1).Of("cafe"), Some.Delta("b", received: 2).Of("beef"));
        var issue = (await Issues()).Single(row => row.Title == "TypeError: a").Id;
        await Command(CommandKind.Resolve, issue, at: 100);

        await Apply(Some.Delta("a", received: 200).Of("cafe"));
        (await Detail(issue)).Issue.State.Should().Be(IssueState.Resolved, "cafe was seen before beef");
        await Apply(Some.Delta("a", received: 300).Of("aaaa"));
        (await Detail(issue)).Issue.State.Should().Be(IssueState.Open, "aaaa was never seen before");
    }

    [Test]
    public async Task Resolve_WithAnOrderThatWasTold_GoesByIt()
    {
        await Command(Some.Command(CommandKind.Release, 0, at: 0) with { ProjectId = Some.Project, Release = "blue", Order = 7 });
        await Command(Some.Command(CommandKind.Release, 0, at: 0) with { ProjectId = Some.Project, Release = "red", Order = 8 });
        await Apply(Some.Delta("a", received: 1).Of("red"));
        var issue = (await OnlyIssue()).Id;
        await Command(CommandKind.Resolve, issue, at: 100);

        await Apply(Some.Delta("a", received: 200).Of("blue"));

        (await Detail(issue)).Resolution.Should().Be(new IssueResolution(Some.Start + 100, "red", 1));
    }

    [Test]
    public async Task Resolve_ThenEventWithoutRelease_GoesByTime()
    {
        await ResolvedIn("1.0.0");

        await Apply(Some.Delta("a", received: 100).Of(""));
        (await OnlyIssue()).State.Should().Be(IssueState.Resolved);
        await Apply(Some.Delta("a", received: 101).Of(""));

        (await OnlyIssue()).Should().BeEquivalentTo(new { State = IssueState.Open, RegressedIn = (string?)null });
    }

    [Test]
    public async Task Resolve_AppliedAfterALaterEventOfAnOldRelease_StaysResolved()
    {
        await Apply(Some.Delta("a", received: 1).Of("1.0.0"), Some.Delta("b").Of("2.0.0"));
        await Apply(Some.Delta("a", received: 101).Of("1.0.0"));
        var issue = (await Issues()).Single(row => row.Title == "TypeError: a").Id;

        await Command(CommandKind.Resolve, issue, at: 100);
        (await Detail(issue)).Issue.State.Should().Be(IssueState.Resolved);

        await Command(CommandKind.Reopen, issue, at: 150);
        await Apply(Some.Delta("a", received: 201).Of("2.1.0"));
        await Command(Some.Command(CommandKind.Resolve, issue, at: 200) with { Release = "2.0.0" });
        (await Detail(issue)).Issue.RegressedIn.Should().Be("2.1.0");
    }

    [Test]
    public async Task Resolve_DeltaOfABuildThatTellsNoReleases_GoesByTheirFacet()
    {
        await Apply(Some.Delta("a", received: 1, facets: [new("release", "2.0.0", 1)]));
        await Command(CommandKind.Resolve, (await OnlyIssue()).Id, at: 100);

        await Apply(Some.Delta("a", received: 200, facets: [new("release", "1.0.0", 1)]));
        (await OnlyIssue()).State.Should().Be(IssueState.Resolved);
        await Apply(Some.Delta("a", count: 2, received: 300, facets: [new("release", "1.0.0", 1)]));
        (await OnlyIssue()).State.Should().Be(IssueState.Open, "one of the two told none");
    }

    [Test]
    public async Task Releases_OfAProject_AreListedNewestFirstWithWhatTheyBrought()
    {
        await Apply(Some.Delta("a", count: 3, received: 5).Of("1.9.0"), Some.Delta("b", count: 2, received: 6).Of("1.10.0"), Some.Delta("c", project: 99).Of("5.0.0"));
        await Apply(Some.Delta("a", count: 4, received: 7).Of("1.10.0"));
        var a = (await Issues()).Single(row => row.Title == "TypeError: a").Id;
        await Command(CommandKind.Resolve, a, at: 100);
        await Apply(Some.Delta("a", received: 200).Of("1.11.0-rc.1"));
        await Command(Some.Command(CommandKind.Release, 0, at: 300) with { ProjectId = Some.Project, Release = " 2.0.0 ", ReleasedAt = Some.Start });

        var releases = await Store.ListReleasesAsync(Some.Project, 10, default);

        releases.Should().Equal(
            new ReleaseRow("2.0.0", null, null, 0, Some.Start, null, 0, 0),
            new ReleaseRow("1.11.0-rc.1", Some.Start + 200, Some.Start + 200, 1, null, null, 0, 1),
            new ReleaseRow("1.10.0", Some.Start + 6, Some.Start + 7, 6, null, null, 1, 0),
            new ReleaseRow("1.9.0", Some.Start + 5, Some.Start + 5, 3, null, null, 1, 0));
        (await Store.ListReleasesAsync(Some.Project, 2, default)).Should().HaveCount(2);
    }

    private async Task<long> ResolvedIn(string release)
    {
        await Apply(Some.Delta("a", received: 1).Of("1.0.0"));
        await Apply(Some.Delta("a", received: 2).Of(release));
        var issue = (await OnlyIssue()).Id;
        await Command(CommandKind.Resolve, issue, at: 100);
        return issue;
    }
}

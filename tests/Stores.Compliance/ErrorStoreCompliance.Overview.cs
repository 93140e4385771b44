using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What the overview and the pages of releases read.</summary>
internal abstract partial class ErrorStoreCompliance
{
    private const long Day = 24 * Some.HourMs;

    [Test]
    public async Task Overview_OfAProject_TellsWhatIsNewAndWhereMostComesFrom()
    {
        await Apply(Some.Delta("old", count: 9, at: -3 * Day));
        await Apply(
            Some.Delta("a", count: 5, facets: [new("page", "/cart", 3), new("page", "/pay", 2)]).Of("1.1"),
            Some.Delta("b", count: 2, at: 1, facets: [new("page", "/cart", 2)]).Of("1.0") with { Class = "extension" },
            Some.Delta("c", count: 40, project: Some.Project + 1, facets: [new("page", "/other", 40)]));
        await Apply(Some.Delta("a", count: 1, at: 2, facets: [new("page", "/pay", 1)]).Of("1.1"));

        var facts = await Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 5), default);

        facts.NewIssues.Should().Be(2);
        facts.Newest.Select(row => row.Title).Should().Equal("TypeError: b", "TypeError: a");
        facts.Regressed.Should().Be(0);
        facts.Classes.Should().Equal(new Tally(0, "ours", 6), new Tally(0, "extension", 2));
        facts.Pages.Should().Equal(new Tally(Some.Project, "/cart", 5), new Tally(Some.Project, "/pay", 3));
        facts.Releases.Should().Equal(new Tally(Some.Project, "1.1", 6), new Tally(Some.Project, "1.0", 2));
    }

    [Test]
    public async Task Overview_OfAllProjects_KeepsThemApart()
    {
        await Apply(
            Some.Delta("a", count: 5, facets: [new("page", "/cart", 5)]), Some.Delta("a", count: 7, project: Some.Project + 1, facets: [new("page", "/cart", 7)]),
            Some.Delta("b", count: 1, project: Some.Project + 1, facets: [new("class", "bot", 1)]));

        var facts = await Store.GetOverviewAsync(new(null, Some.Start - Day, 5), default);

        facts.NewIssues.Should().Be(3);
        facts.Classes.Should().Equal(new Tally(0, "ours", 12), new Tally(0, "bot", 1));
        facts.Pages.Should().Equal(new Tally(Some.Project + 1, "/cart", 7), new Tally(Some.Project, "/cart", 5));
        (await Store.GetOverviewAsync(new(null, Some.Start - Day, 1), default)).Pages.Should().ContainSingle();
    }

    [Test]
    public async Task Overview_OfMorePagesThanAreCountedApart_CountsTheRestTogether()
    {
        const int pages = 250;
        var facets = Enumerable.Range(0, pages).Select(n => new FacetCount("page", $"/{n:000}", 1)).ToArray();
        await Apply(Some.Delta("a", count: pages, facets: facets));
        await Apply(Some.Delta("a", count: pages, facets: facets));

        var facts = await Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 1_000), default);

        facts.Pages.Should().HaveCount(200).And.OnlyContain(page => page.Count == 2, "the others are no page of their own");
        facts.Classes.Should().Equal(new Tally(0, "ours", 2 * pages));
    }

    [Test]
    public async Task Overview_AfterARegression_ListsItUntilSomebodyHasLooked()
    {
        var issue = await ResolvedIn("1.0");
        (await Overview()).Regressed.Should().Be(0);

        await Apply(Some.Delta("a", received: 200).Of("2.0"));

        var facts = await Overview();
        facts.Regressed.Should().Be(1);
        facts.LastRegressed.Should().ContainSingle(row => row.Id == issue && row.RegressedIn == "2.0");
        await Command(CommandKind.Ignore, issue, at: 300);
        (await Overview()).LastRegressed.Should().BeEmpty();

        Task<OverviewFacts> Overview() => Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 5), default);
    }

    [Test]
    public async Task Overview_OfAnEntryThatWasStoppedMidway_CountsOnce()
    {
        var delta = Some.Delta("a", count: 3, facets: [new("page", "/cart", 3)]).Of("1.0");
        using (StopApplyingMidway())
            await FluentActions.Awaiting(() => Apply(delta)).Should().ThrowAsync<Exception>();

        await Apply(delta);

        var facts = await Store.GetOverviewAsync(new(Some.Project, Some.Start - Day, 5), default);
        facts.Pages.Should().Equal(new Tally(Some.Project, "/cart", 3));
        facts.Releases.Should().Equal(new Tally(Some.Project, "1.0", 3));
    }

    [Test]
    public async Task Release_OfSeveral_HasItsIssuesAndItsShareOfTheDays()
    {
        await Apply(Some.Delta("a", count: 2, at: -Day).Of("1.0"), Some.Delta("b", at: -Day).Of("1.0"));
        var issues = (await Issues()).ToDictionary(row => row.Title, row => row.Id);
        await Command(Some.Command(CommandKind.Resolve, issues["TypeError: a"], at: 1) with { Release = "1.1" });
        await Command(Some.Command(CommandKind.Resolve, issues["TypeError: b"], at: 1) with { Release = "1.1" });
        await Apply(Some.Delta("c", count: 4, at: 10).Of("1.1"), Some.Delta("b", at: 20).Of("1.2"));

        (await Listed("1.0", ReleaseIssues.New)).Should().Equal("TypeError: b", "TypeError: a");
        (await Listed("1.1", ReleaseIssues.New)).Should().Equal("TypeError: c");
        (await Listed("1.1", ReleaseIssues.Fixed)).Should().Equal("TypeError: a");
        (await Listed("1.2", ReleaseIssues.Regressed)).Should().Equal("TypeError: b");
        (await Listed("9", ReleaseIssues.New)).Should().BeEmpty();
        (await Store.ListReleasesAsync(Some.Project, 10, default)).Select(r => (r.Version, r.NewIssues, r.Fixed, r.Regressed))
            .Should().Equal(("1.2", 0, 0, 1), ("1.1", 1, 1, 0), ("1.0", 2, 0, 0));
        var today = Some.Start / (6 * Some.HourMs) * 6 * Some.HourMs;
        (await Store.ListReleaseSharesAsync(Some.Project, Some.Start - (2 * Day), null, default)).Should().Equal(
            new ReleaseShare(today - Day, "1.0", 3), new ReleaseShare(today, "1.1", 4), new ReleaseShare(today, "1.2", 1));
        (await Store.ListReleaseSharesAsync(Some.Project, Some.Start, null, default)).Should().HaveCount(2);

        async Task<IEnumerable<string>> Listed(string release, ReleaseIssues how) =>
            (await Store.ListReleaseIssuesAsync(Some.Project, release, how, 10, default)).Select(row => row.Title);
    }

    [Test]
    public async Task Purge_OfOldTallies_LeavesTheOthers()
    {
        await Apply(Some.Delta("a", at: -10 * Day).Of("1.0"), Some.Delta("b").Of("1.1"));

        await Store.PurgeAsync(Token, new(TimeSpan.FromDays(5), 0), Some.Now, default);

        (await Store.ListReleaseSharesAsync(Some.Project, Some.Start - (20 * Day), null, default)).Should().ContainSingle(share => share.Release == "1.1");
    }
}

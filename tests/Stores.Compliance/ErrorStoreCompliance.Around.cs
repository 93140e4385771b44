using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What the page of an issue shows around the error: its events in rows, related issues, and the project's other events.</summary>
internal abstract partial class ErrorStoreCompliance
{
    private const long Week = 7 * 24 * Some.HourMs;

    [Test]
    public async Task Samples_InRows_TellWhoAndWhere()
    {
        var sample = Met("e1", "u1");
        sample = sample with
        {
            Occurrence = sample.Occurrence with { Os = "iOS 19", Device = "mobile" },
            Context = sample.Context with { User = new("42", null, "Ada") },
        };
        await Apply(Some.Delta("a", samples: [sample, Some.Sample("e2", at: -1)]));

        var rows = await Store.ListSamplesAsync((await OnlyIssue()).Id, 10, default);

        rows[0].Should().Be(new SampleRef("e1", Some.Start, "Chrome 156", "https://shop.example/cart")
        {
            Os = "iOS 19",
            Device = "mobile",
            Release = "1.2.3",
            Environment = "production",
            UserKey = "u1",
            User = "Ada · 42",
        });
        rows[1].Should().BeEquivalentTo(new { UserKey = (string?)null, User = (string?)null, Os = (string?)null });
    }

    [Test]
    public async Task FirstRelease_IsThatOfTheFirstEvents()
    {
        await Apply(Some.Delta("a").Of("1.0"));
        await Apply(Some.Delta("a", received: 1000).Of("2.0"), Some.Delta("b", received: 1000));

        var rows = await Issues();

        (await Detail(rows.Single(row => row.Title.EndsWith('a')).Id)).FirstRelease.Should().Be("1.0");
        (await Detail(rows.Single(row => row.Title.EndsWith('b')).Id)).FirstRelease.Should().BeNull();
    }

    [Test]
    public async Task Related_SharedVisitorsPagesAndRelease_TheMostFirst()
    {
        await Apply(
            Some.Delta("a", facets: [new("page", "/cart", 1)], samples: [At(Met("a1", "u1"), "/cart"), At(Met("a2", "u2"), "/cart")]).Of("1.0"),
            Some.Delta("b", samples: [At(Met("b1", "u1"), "/other"), At(Met("b2", "u2"), "/other"), At(Met("b3", "u2"), "/other")]).Of("2.0"),
            Some.Delta("c", samples: [At(Met("c1", "u2"), "/cart"), At(Met("c2", "u9"), "/cart")]).Of("3.0"),
            Some.Delta("d", samples: [At(Met("d1", "u9"), "/other")]).Of("1.0"),
            Some.Delta("e", project: 8, samples: [At(Met("e1", "u1"), "/cart")]).Of("1.0"));
        var a = (await Issues()).Single(row => row.Title.EndsWith('a')).Id;

        var related = await Store.ListRelatedAsync(Some.Project, a, 5, default);

        related.SameUsers.Select(issue => (issue.Title, issue.Shared)).Should().Equal(("TypeError: b", 2L), ("TypeError: c", 1L));
        related.SamePage.Select(issue => (issue.Title, issue.Shared)).Should().Equal(("TypeError: c", 2L));
        related.SameRelease.Select(issue => (issue.Title, issue.Shared)).Should().Equal(("TypeError: d", 0L));
        (await Store.ListRelatedAsync(Some.Project, a, 1, default)).SameUsers.Should().ContainSingle();
        (await Store.ListRelatedAsync(Some.Project, 999, 5, default)).Should().BeEquivalentTo(new RelatedIssues([], [], []));
    }

    [Test]
    public async Task Related_AfterAMerge_AreOtherIssues()
    {
        await Apply(
            Some.Delta("a", samples: [Met("a1", "u1")]), Some.Delta("b", samples: [Met("b1", "u1")]), Some.Delta("c", samples: [Met("c1", "u1")]));
        var rows = (await Issues()).ToDictionary(row => row.Title[^1], row => row.Id);
        await Command(Some.Merge(rows['a'], rows['b']));

        (await Store.ListRelatedAsync(Some.Project, rows['a'], 5, default)).SameUsers.Should().ContainSingle().Which.Id.Should().Be(rows['c']);
        (await Store.ListRelatedAsync(Some.Project, rows['c'], 5, default)).SameUsers.Should().ContainSingle().Which.Id.Should().Be(rows['a']);
    }

    [Test]
    public async Task ProjectFacets_OfAllIssues_ByWeek()
    {
        await Apply(
            Some.Delta("a", count: 3, facets: [new("os", "iOS 19", 3), new("class", "ours", 3)]),
            Some.Delta("b", count: 2, facets: [new("os", "iOS 19", 1), new("tag:plan", "pro", 2)]),
            Some.Delta("c", project: 8, facets: [new("os", "Windows 11", 1)]));
        await Apply(Some.Delta("a", count: 5, at: -Week, facets: [new("os", "Windows 11", 5)]));

        var (from, now) = await OfProject(0, 0);
        now.Should().BeEquivalentTo([
            new FacetCount("browser", "Chrome 156", 5), new FacetCount("environment", "production", 5), new FacetCount("os", "iOS 19", 4), new FacetCount("tag:plan", "pro", 2)]);
        from.Should().BeLessThanOrEqualTo(Some.Start - Week);
        (await OfProject(-Week, 0)).Counts.Should().Contain([new FacetCount("os", "Windows 11", 5), new FacetCount("os", "iOS 19", 4), new FacetCount("browser", "Chrome 156", 10)]);
        (await OfProject(-3 * Week, -2 * Week)).Counts.Should().BeEmpty();
        (await Store.GetProjectFacetsAsync(99, Some.Start, Some.Start, default)).Should().BeEquivalentTo(new ProjectFacets(null, []));
    }

    [Test]
    public async Task ProjectFacets_MoreValuesThanAWeekKeeps_CountTheRestTogether()
    {
        var values = Enumerable.Range(0, ProjectWeeks.ValuesPerDimension + 20).Select(n => new FacetCount("page", $"/{n:000}", 1));
        await Apply(Some.Delta("a", count: 2, facets: [.. values]));
        await Apply(Some.Delta("a", count: 2, facets: [new("page", "/000", 1), new("page", "/new", 2)]));

        var pages = (await OfProject(0, 0)).Counts.Where(facet => facet.Dimension == "page").ToList();

        pages.Should().HaveCount(ProjectWeeks.ValuesPerDimension + 1);
        pages.Sum(facet => facet.Count).Should().Be(ProjectWeeks.ValuesPerDimension + 23);
        pages.Should().Contain([new FacetCount("page", "/000", 2), new FacetCount("page", FacetValue.Rest, 22)]);
    }

    [Test]
    public async Task ProjectFacets_OfWeeksLongPast_Go()
    {
        await Apply(Some.Delta("a", at: -(ProjectWeeks.Kept + 2) * Week), Some.Delta("a"));

        await Store.PurgeAsync(Token, new(TimeSpan.FromDays(30), 0), Some.Now, default);

        var (from, counts) = await OfProject(-100 * Week, 0);
        counts.Should().Contain(new FacetCount("browser", "Chrome 156", 1));
        from.Should().BeGreaterThan(Some.Start - Week);
    }

    private async Task<(long? From, IReadOnlyList<FacetCount> Counts)> OfProject(long from, long to)
    {
        var found = await Store.GetProjectFacetsAsync(Some.Project, Some.Start + from, Some.Start + to, default);
        return (found.FromMs, found.Counts);
    }

    private static EventSample Met(string id, string user) =>
        Some.Sample(id, novelty: id) is var sample ? sample with { Occurrence = sample.Occurrence with { UserKey = user } } : null!;

    private static EventSample At(EventSample sample, string page) => sample with { Occurrence = sample.Occurrence with { Page = page } };
}

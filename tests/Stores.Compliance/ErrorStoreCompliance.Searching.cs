using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Each condition of a list, and pages both ways.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [TestCase("browser", "safari", false, "a")]
    [TestCase("browser", "Mobile SAFARI", false, "a")]
    [TestCase("browser", "safari 19", false, "a")]
    [TestCase("browser", "19", false, "")]
    [TestCase("browser", "saf", true, "a")]
    [TestCase("browser", "saf", false, "")]
    [TestCase("browser", "chrome", false, "a b")]
    [TestCase("os", "windows", false, "b")]
    [TestCase("os", "windows 11", false, "b")]
    [TestCase("device", "mobile", false, "a")]
    [TestCase("release", "1.4", true, "a b")]
    [TestCase("release", "1.4.2", false, "a")]
    [TestCase("release", "shop@1.4.2", false, "a")]
    [TestCase("release", "1.4", false, "")]
    [TestCase("environment", "Staging", false, "b")]
    [TestCase("page", "/checkout", true, "a")]
    [TestCase("page", "/checkout/pay", false, "a")]
    [TestCase("page", "pay", false, "a")]
    [TestCase("page", "https://shop.example/checkout/pay", false, "a")]
    [TestCase("page", "shop.example", false, "a")]
    [TestCase("tag:plan", "pro", false, "b")]
    [TestCase("tag:plan", "p", true, "b")]
    [TestCase("tag:Plan", "PRO", false, "b")]
    [TestCase("frame", "checkout.js", false, "b")]
    [TestCase("frame", "renderCart", false, "b")]
    [TestCase("frame", "render", true, "b")]
    [TestCase("frame", "https://shop.example/js/checkout.js?v=2", false, "b")]
    [TestCase("", "cart checkout", false, "b")]
    [TestCase("", "cart check", false, "")]
    [TestCase("", "cart check", true, "b")]
    [TestCase("browser", "\" OR 1=1 --", false, "")]
    [TestCase("browser", "(other)", false, "")]
    public async Task List_ByTerm_HasWhatIsSo_AndItsOppositeTheRest(string dimension, string value, bool beginning, string expected)
    {
        await TwoIssuesAsync();
        var term = new IssueTerm(dimension, value, beginning);

        var so = await Issues(Some.Query with { Terms = [term] });
        var not = await Issues(Some.Query with { Terms = [term with { Not = true }] });

        so.Select(row => row.Title[^1..]).Order().Should().Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        not.Select(row => row.Title[^1..]).Order().Should().Equal(new[] { "a", "b" }.Except(expected.Split(' ')));
    }

    [Test]
    public async Task List_ByTerms_HasWhatIsAllOfThem()
    {
        await TwoIssuesAsync();

        (await Issues(Some.Query with { Terms = [new("browser", "chrome"), new("os", "windows")] })).Should().ContainSingle().Which.Title.Should().EndWith("b");
        (await Issues(Some.Query with { Terms = [new("browser", "safari"), new("os", "windows")] })).Should().BeEmpty();
        (await Issues(Some.Query with { Text = "TypeError", Terms = [new("browser", "chrome"), new("device", "mobile", Not: true)] })).Should().ContainSingle().Which.Title.Should().EndWith("b");
        (await Issues(Some.Query with { Terms = [new("", "--")] })).Should().BeEmpty("there is no word in it that could be anywhere");
        (await Issues(Some.Query with { Terms = [new("", "--", Not: true)] })).Should().HaveCount(2);
    }

    [Test]
    public async Task List_ByFacetThatCameLater_FindsItToo()
    {
        await Apply(Some.Delta("a"));
        (await Issues(Some.Query with { Terms = [new("browser", "opera")] })).Should().BeEmpty();

        await Apply(Some.Delta("a", facets: [new("browser", "Opera 99", 1)]));

        (await Issues(Some.Query with { Terms = [new("browser", "opera")] })).Should().ContainSingle();
    }

    [Test]
    public async Task List_OfMergedIssues_IsFoundByWhatEitherMet()
    {
        await TwoIssuesAsync();
        var issues = (await Issues()).Select(row => row.Id).Order().ToList();

        await Command(Some.Merge(issues[0], issues[1]));

        (await Issues(Some.Query with { Terms = [new("browser", "safari"), new("os", "windows")] })).Should().ContainSingle().Which.Id.Should().Be(issues[0]);
    }

    [Test]
    public async Task List_ByNumbersAndTimes_HasWhatIsWithin()
    {
        await Apply(Some.Delta("a", count: 5, at: 1000, users: ["u1"]), Some.Delta("b", count: 10, at: 2000, users: ["u1", "u2"]), Some.Delta("c", count: 15, at: 3000, users: ["u1", "u2", "u3"]));
        async Task<string> Found(IssueQuery query) => string.Concat((await Issues(query)).Select(row => row.Title[^1]).Order());

        foreach (var sort in Enum.GetValues<IssueSort>())
        {
            (await Found(Some.Query with { Sort = sort, Count = new(10) })).Should().Be("bc");
            (await Found(Some.Query with { Sort = sort, Count = new(null, 10) })).Should().Be("ab");
            (await Found(Some.Query with { Sort = sort, Count = new(6, 14) })).Should().Be("b");
            (await Found(Some.Query with { Sort = sort, Users = new(2, 2) })).Should().Be("b");
            (await Found(Some.Query with { Sort = sort, FirstSeen = new(Some.Start + 2000) })).Should().Be("bc");
            (await Found(Some.Query with { Sort = sort, LastSeen = new(null, Some.Start + 2000) })).Should().Be("ab");
            (await Found(Some.Query with { Sort = sort, Since = Some.Start + 2000, LastSeen = new(null, Some.Start + 2000) })).Should().Be("b");
        }
    }

    [Test]
    public async Task List_ByLevelAndClass_HasWhatTheLatestEventTold()
    {
        await Apply(Some.Delta("a") with { Level = "warning", Class = "bot" }, Some.Delta("b"));

        (await Issues(Some.Query with { Level = "warning" })).Should().ContainSingle().Which.Title.Should().EndWith("a");
        (await Issues(Some.Query with { NotLevel = "warning" })).Should().ContainSingle().Which.Title.Should().EndWith("b");
        (await Issues(Some.Query with { Class = "bot" })).Should().ContainSingle().Which.Title.Should().EndWith("a");
        (await Issues(Some.Query with { NotClass = "bot", Level = "error" })).Should().ContainSingle().Which.Title.Should().EndWith("b");
    }

    [Test]
    public async Task List_ByUser_HasWhatThatUserMet()
    {
        var ann = PersonHash.KeyOfUser("salt", Some.Project, "ann@example.com");
        await Apply(Some.Delta("a", users: [ann, "other"]), Some.Delta("b", users: ["other"]));

        (await Issues(Some.Query with { MetBy = [ann] })).Should().ContainSingle().Which.Title.Should().EndWith("a");
        (await Issues(Some.Query with { MetBy = ["nobody", "other"] })).Should().HaveCount(2);
        (await Issues(Some.Query with { MetBy = ["nobody"] })).Should().BeEmpty();
        (await Issues(Some.Query with { MetBy = [ann], Terms = [new("browser", "chrome", Not: true)] })).Should().BeEmpty();
    }

    [Test]
    public async Task List_ByStates_KnowsRegressedAndDraining()
    {
        await Apply(Some.Delta("a", received: 1).Of("1.0.0"), Some.Delta("b", received: 1).Of("1.0.0"), Some.Delta("c", received: 1).Of("1.0.0"));
        var issues = (await Issues()).ToDictionary(row => row.Title[^1], row => row.Id);
        await Command(CommandKind.Resolve, issues['a'], at: 100);
        await Command(CommandKind.Resolve, issues['b'], at: 100);
        await Apply(Some.Delta("a", received: 200).Of("1.0.0"), Some.Delta("b", received: 200).Of("1.1.0"));
        async Task<string> Found(IssueQuery query) => string.Concat((await Issues(query)).Select(row => row.Title[^1]).Order());

        (await Found(Some.Query with { Draining = true })).Should().Be("a");
        (await Found(Some.Query with { Draining = false })).Should().Be("bc");
        (await Found(Some.Query with { Regressed = true })).Should().Be("b");
        (await Found(Some.Query with { Regressed = false })).Should().Be("ac");
        (await Found(Some.Query with { NotState = IssueState.Open })).Should().Be("a");
        (await Found(Some.Query with { NotState = IssueState.Resolved })).Should().Be("bc");
        (await Issues(Some.Query with { Draining = true })).Single().Draining.Should().Be(1);
    }

    [Test]
    public async Task List_PagedBackwards_GivesTheSamePages([Values] IssueSort sort)
    {
        await FillAsync();
        foreach (var query in new[]
        {
            Some.Query, Some.Query with { ProjectId = 1 }, Some.Query with { Text = "common" }, Some.Query with { Environment = "staging" },
            Some.Query with { Count = new(3) }, Some.Query with { LastSeen = new(null, Some.Start - 3000) },
        })
        {
            List<IssuePage> pages = [];
            for (string? after = null; pages.Count == 0 || after is not null; after = pages[^1].Next)
                pages.Add(await Store.ListIssuesAsync(query with { Sort = sort, Limit = 4, After = after }, default));

            pages.Should().HaveCountGreaterThan(1);
            pages[0].Previous.Should().BeNull();
            for (var i = pages.Count - 1; i > 0; i--)
            {
                var back = await Store.ListIssuesAsync(query with { Sort = sort, Limit = 4, Before = pages[i].Previous }, default);
                back.Rows.Select(row => row.Id).Should().Equal(pages[i - 1].Rows.Select(row => row.Id));
                (back.Previous is null).Should().Be(i == 1);
                back.Next.Should().Be(pages[i - 1].Next);
            }
        }
    }

    [Test]
    public async Task List_AfterAndBeforeAtOnce_IsRefusedInWords()
    {
        await Apply(Some.Delta("a"), Some.Delta("b"));
        var place = (await Store.ListIssuesAsync(Some.Query with { Limit = 1 }, default)).Next;

        var both = () => Store.ListIssuesAsync(Some.Query with { After = place, Before = place }, default);

        await both.Should().ThrowAsync<ArgumentException>().WithMessage("*not both*");
    }

    private Task TwoIssuesAsync() => Apply(
        Some.Delta("a", facets:
        [
            new("browser", "Mobile Safari 19", 1), new("browser", "(other)", 1), new("os", "iOS 19", 1), new("device", "mobile", 1), new("release", "shop@1.4.2", 1),
            new("page", "https://shop.example/checkout/pay", 1),
        ]),
        Some.Delta("b", environment: "staging", samples: [Some.Sample("e1")], facets:
        [
            new("os", "Windows 11", 1), new("device", "desktop", 1), new("release", "1.4.3-rc.1", 1), new("tag:plan", "pro", 1),
        ]));
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>The list of issues: filters, sorts, paging, search.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task List_EverySortAndFilter_PagesThroughAllOfThemOnceInOrder([Values] IssueSort sort)
    {
        await FillAsync();
        var all = (await Store.ListIssuesAsync(Some.Query with { Limit = 100 }, default)).Rows;
        foreach (var project in (int?[])[null, 1])
            foreach (var state in (IssueState?[])[null, IssueState.Resolved])
                foreach (var environment in (string?[])[null, "staging"])
                    foreach (var text in (string?[])[null, "common"])
                    {
                        var rows = await EveryPageAsync(Some.Query with { Sort = sort, ProjectId = project, State = state, Environment = environment, Text = text, Limit = 4 });
                        var expected = all
                            .Where(row => (project is null || row.ProjectId == project) && (state is null || row.State == state)
                                && (environment is null || row.Culprit.Contains(environment, StringComparison.Ordinal))
                                && (text is null || row.Title.Contains(text, StringComparison.Ordinal)))
                            .OrderByDescending(row => Key(row, sort)).ThenByDescending(row => row.Id);
                        rows.Select(row => row.Id).Should().Equal(expected.Select(row => row.Id), $"of project {project}, state {state}, {environment}, {text}").And.NotBeEmpty();
                    }
    }

    private async Task<List<IssueRow>> EveryPageAsync(IssueQuery query)
    {
        List<IssueRow> rows = [];
        for (string? after = null; ;)
        {
            var page = await Store.ListIssuesAsync(query with { After = after }, default);
            rows.AddRange(page.Rows);
            page.Rows.Count.Should().BeLessThanOrEqualTo(query.Limit);
            after = page.Next;
            if (after is null)
                return rows;
        }
    }

    [Test]
    public async Task List_Since_HasWhatWasSeenAtOrAfterIt([Values] IssueSort sort)
    {
        await Apply(Some.Delta("a", at: 1000), Some.Delta("b", at: 2000), Some.Delta("c", at: 3000));

        var rows = await Issues(Some.Query with { Since = Some.Start + 2000, Sort = sort });

        rows.Select(row => row.Title).Should().BeEquivalentTo("TypeError: b", "TypeError: c");
    }

    [TestCase("")]
    [TestCase("x")]
    [TestCase("' OR 1=1 --")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("🙂🙂🙂🙂")]
    public async Task List_CursorThatWasNotGiven_IsRefusedInWords(string after)
    {
        var list = () => Store.ListIssuesAsync(Some.Query with { After = after }, default);

        await list.Should().ThrowAsync<ArgumentException>().WithMessage("*first page*");
    }

    [Test]
    public async Task List_CursorWithAnyCharacterChanged_IsRefused()
    {
        await Apply(Some.Delta("a"), Some.Delta("b"));
        var next = (await Store.ListIssuesAsync(Some.Query with { Limit = 1 }, default)).Next!;

        for (var i = 0; i < next.Length; i++)
        {
            var forged = next.Remove(i, 1).Insert(i, next[i] == 'x' ? "y" : "x");
            var list = () => Store.ListIssuesAsync(Some.Query with { After = forged }, default);
            await list.Should().ThrowAsync<ArgumentException>($"'{forged}' is not '{next}'");
        }

        var sortedOtherwise = () => Store.ListIssuesAsync(Some.Query with { After = next, Sort = IssueSort.Count }, default);
        await sortedOtherwise.Should().ThrowAsync<ArgumentException>();
    }

    [TestCase(0)]
    [TestCase(101)]
    public async Task List_LimitOutOfRange_IsRefused(int limit)
    {
        var list = () => Store.ListIssuesAsync(Some.Query with { Limit = limit }, default);

        await list.Should().ThrowAsync<ArgumentException>();
    }

    [TestCase("checkout.js", true)]
    [TestCase("checkout", true)]
    [TestCase("CHECKOUT", true)]
    [TestCase("renderCart", true)]
    [TestCase("cart", true)]
    [TestCase("rende", true)]
    [TestCase("render checkout", true)]
    [TestCase("rende checkout", false)]
    [TestCase("shop.example/js/che", true)]
    [TestCase("is not a function", true)]
    [TestCase("TypeError: boom", true)]
    [TestCase("boom nothing", false)]
    [TestCase("Ünïcödé", true)]
    [TestCase("日本", true)]
    [TestCase("pay (pay.js)", true)]
    [TestCase("--", false)]
    public async Task Search_Words_AreFoundInTitleCulpritMessageAndFrames(string typed, bool found)
    {
        await Apply(
            Some.Delta("a", title: "TypeError: boom ünïcödé 日本語", culprit: "pay (pay.js)", samples: [Some.Sample("e1")]),
            Some.Delta("b", title: "ReferenceError: other", culprit: "x (y.js)"));

        (await Issues(Some.Query with { Text = typed })).Should().HaveCount(found ? 1 : 0);

        // Where many have the words a store may find them otherwise: they must be the same.
        await Apply([.. Enumerable.Range(0, 3).Select(n => Some.Delta($"more {n}", title: "TypeError: boom ünïcödé 日本語", culprit: "pay (pay.js)", samples: [Some.Sample($"f{n}")]))]);
        foreach (var sort in Enum.GetValues<IssueSort>())
        {
            var page = await Store.ListIssuesAsync(Some.Query with { Text = typed, Limit = 2, Sort = sort }, default);
            page.Rows.Should().HaveCount(found ? 2 : 0).And.NotContain(row => !row.Title.Contains("boom"));
            (page.Next is not null).Should().Be(found);
        }
    }

    [TestCase("\"")]
    [TestCase("a\" OR \"b")]
    [TestCase("title:x")]
    [TestCase("NEAR(a b)")]
    [TestCase("a AND NOT OR")]
    [TestCase("*")]
    [TestCase("a*b* ^c")]
    [TestCase("(((((")]
    [TestCase("\0 \uD800 x")]
    [TestCase("'; DROP TABLE issues; --")]
    [TestCase("$where: {$ne: 1}")]
    public async Task Search_HostileText_NeverFails(string typed)
    {
        await Apply(Some.Delta("a", samples: [Some.Sample("e1")]));

        var search = () => Issues(Some.Query with { Text = typed + string.Concat(Enumerable.Repeat(" word", 5000)) });

        await search.Should().NotThrowAsync();
        await Issues(Some.Query with { Text = typed });
    }

    [Test]
    public async Task Search_TextOfLaterSamples_IsFoundToo()
    {
        await Apply(Some.Delta("a", samples: [Some.Sample("e1", "n1")]));
        await Apply(Some.Delta("a", samples: [Some.Sample("e2", "n2", function: "payNow", file: "billing.js")]));

        (await Issues(Some.Query with { Text = "billing" })).Should().ContainSingle();
        (await Issues(Some.Query with { Text = "checkout" })).Should().ContainSingle();
    }

    /// <summary>24 issues whose every filterable property differs from the others' and is told by title or culprit.</summary>
    private async Task FillAsync()
    {
        await Apply([.. Enumerable.Range(0, 24).Select(n => Some.Delta(
            $"f{n}", project: 1 + (n % 2), count: 1 + (n * 7 % 11), at: -n * 1000, received: 0,
            title: n % 3 == 0 ? $"rare {n}" : $"common {n}", environment: n % 4 < 2 ? "staging" : "production",
            culprit: n % 4 < 2 ? "in staging" : "in production", users: [.. Enumerable.Range(0, n * 5 % 7).Select(u => $"u{u}")]))]);
        var resolved = (await Issues(Some.Query with { Limit = 100 })).Where(row => row.Id % 5 < 3);
        await Store.ApplyCommandsAsync(
            Token, default, [.. resolved.Select(row => new CommandEntry(Some.Id(row.Id), Some.Command(CommandKind.Resolve, row.Id, at: 10)))], default);
    }

    private static long Key(IssueRow row, IssueSort sort) => sort switch
    {
        IssueSort.LastSeen => row.LastSeen,
        IssueSort.FirstSeen => row.FirstSeen,
        IssueSort.Count => row.Count,
        _ => row.Users,
    };
}

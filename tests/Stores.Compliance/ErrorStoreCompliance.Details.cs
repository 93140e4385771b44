using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What the page of an issue shows, and what is kept of its events.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Series_HoursAndEnvironments_AreFilledWithZeros()
    {
        await Apply(Some.Delta("a", count: 2), Some.Delta("a", count: 3, at: -2 * Some.HourMs), Some.Delta("a", count: 5, environment: "staging"));
        var issue = (await OnlyIssue()).Id;

        (await Store.GetSeriesAsync(issue, Some.Hour - 3, Some.Hour, null, default)).Should().Equal(0, 3, 0, 7);
        (await Store.GetSeriesAsync(issue, Some.Hour - 3, Some.Hour, "staging", default)).Should().Equal(0, 0, 0, 5);
        (await Issues(Some.Query with { TrendHours = 3 })).Single().Trend.Should().Equal(3, 0, 7);
    }

    [Test]
    public async Task Facets_MostFrequentValues_WithTheNumberOfOthers()
    {
        for (var n = 1; n <= 5; n++)
            await Apply(Some.Delta("a", count: n, facets: [new("page", $"/p{n}", n)]));
        var issue = (await OnlyIssue()).Id;

        var page = (await Store.GetFacetsAsync(issue, 2, default)).Single(facet => facet.Dimension == "page");

        page.Values.Should().Equal(new FacetValue("/p5", 5), new FacetValue("/p4", 4));
        page.Should().BeEquivalentTo(new { Others = 3, Total = 15 });
    }

    [Test]
    public async Task Environments_OfAProject_MostFrequentFirst()
    {
        await Apply(Some.Delta("a", count: 2, environment: "staging"), Some.Delta("b", count: 9), Some.Delta("c", project: 8, environment: "other"));

        (await Store.ListEnvironmentsAsync(Some.Project, default)).Should().Equal("production", "staging");
    }

    [Test]
    public async Task GetEvent_StoredSample_IsWhole()
    {
        var sample = Some.Sample("e1", at: 7);
        await Apply(Some.Delta("a", samples: [sample]));

        (await Store.GetEventAsync(Some.Project, "e1", default)).Should().BeEquivalentTo(sample);
        (await Store.GetEventAsync(Some.Project + 1, "e1", default)).Should().BeNull();
        (await Store.GetIssueAsync(Some.Project + 1, (await OnlyIssue()).Id, default)).Should().BeNull();
    }

    [Test]
    public async Task Samples_SameEventTwice_IsKeptOnce()
    {
        await Apply(Some.Delta("a", samples: [Some.Sample("e1")]));
        await Apply(Some.Delta("a", samples: [Some.Sample("e1"), Some.Sample("e2", at: 5)]));

        (await Store.ListSamplesAsync((await OnlyIssue()).Id, 10, default)).Select(sample => sample.EventId).Should().Equal("e2", "e1");
    }

    [Test]
    public async Task Samples_BeyondTheBound_KeepWhatIsNew()
    {
        for (var batch = 0; batch < 11; batch++)
            await Apply(Some.Delta("a", count: 25, samples: [.. Enumerable.Range(batch * 25, 25).Select(n => Some.Sample($"e{n}", "usual", at: n))]));
        await Apply(Some.Delta("a", samples: [Some.Sample("new", "unusual", at: 5000)]));
        await Apply(Some.Delta("a", samples: [Some.Sample("fresh", "usual", at: 3 * Some.HourMs)]));

        var kept = (await Store.ListSamplesAsync((await OnlyIssue()).Id, 1000, default)).Select(sample => sample.EventId).ToList();
        kept.Should().HaveCount(200).And.Contain(["new", "fresh", "e199"]).And.NotContain(["e0", "e1", "e200"]);
        (await Store.SummarizeAsync(default)).Should().BeEquivalentTo(new { Issues = 1, Samples = 200, Events = 277 });
    }

    private static IEnumerable<string> HostileTexts() =>
        ["$ne", "a.b.c", "__proto__", "nul\0inside", "lone \uD83D surrogate", "\uDE00", new string('x', 1 << 20), "'; DROP TABLE issues; --", "", "%_*?[", "\u202E\u0007"];

    [TestCaseSource(nameof(HostileTexts))]
    public async Task Apply_HostileText_IsKeptOrCleanedAndNeverFails(string hostile)
    {
        var sample = Some.Sample("e1", novelty: hostile, message: hostile, function: hostile, file: hostile);
        sample = sample with
        {
            Occurrence = sample.Occurrence with { Browser = hostile, Page = hostile, Url = hostile, UserKey = hostile },
            Context = sample.Context with { Tags = [new(hostile, hostile)], Meta = hostile },
        };
        var delta = Some.Delta(
            "f" + hostile, title: hostile, culprit: hostile, environment: hostile, users: [hostile, hostile + "2"],
            facets: [new("tag:" + hostile, hostile, 1)], samples: [sample]) with
        { Type = hostile, Level = hostile, Class = hostile };

        var first = await Apply(delta);
        var second = await Apply(delta);

        first.Refused.Concat(second.Refused).Should().BeEmpty();
        var issue = await OnlyIssue();
        issue.Should().BeEquivalentTo(new { Count = 2, Users = 2 });
        issue.Title.Should().NotContain("\0");
        (await Store.GetEventAsync(Some.Project, "e1", default))!.Error.Message.Should().HaveLength(hostile.Length);
        (await Store.GetFacetsAsync(issue.Id, 10, default)).Should().HaveCount(3);
        await Issues(Some.Query with { Text = hostile, Environment = hostile });
        await Command(CommandKind.Delete, issue.Id, at: 1, id: hostile);
        (await Issues()).Should().BeEmpty();
    }

    [Test]
    public async Task Apply_OrdinaryUnicode_IsUnchanged()
    {
        const string Text = "Ошибка 🙂 é\u0301 日本 \t\n $ne.__proto__";
        await Apply(Some.Delta("a", title: Text, environment: Text));

        (await OnlyIssue()).Title.Should().Be(Text);
        (await Store.ListEnvironmentsAsync(Some.Project, default)).Should().Equal(Text);
    }

    [Test]
    public async Task Apply_HostileTimesAndCounts_AreCountedOrRefused()
    {
        var year9999 = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero).ToUnixTimeMilliseconds() - Some.Start;
        var overflow = Some.Delta("a", count: long.MaxValue);
        var noSum = Some.Delta("b", count: 5) with { Hours = [new(Some.Hour, "", 4)] };

        var applied = await Apply(Some.Delta("c", at: year9999, samples: [Some.Sample("e1", at: year9999)]), Some.Delta("d", at: -Some.Start - 5), overflow, noSum);

        applied.Refused.Should().HaveCount(2);
        (await Issues()).Should().HaveCount(2);
        await Store.PurgeAsync(Token, new(TimeSpan.FromDays(90), 0), Some.Now, default);
    }

    [Test]
    public async Task Purge_OldEventsAndHours_GoAndCountsStay()
    {
        var days = 24 * Some.HourMs;
        await Apply(Some.Delta("a", count: 3, at: -40 * days, samples: [Some.Sample("old", at: -40 * days)]));
        await Apply(Some.Delta("a", count: 4, samples: [Some.Sample("new")]));

        var purged = await Store.PurgeAsync(Token, new(TimeSpan.FromDays(30), 0), Some.Now, default);

        purged.Should().BeEquivalentTo(new { Events = 1, Hours = 1 });
        var issue = await OnlyIssue();
        issue.Count.Should().Be(7);
        (await Store.ListSamplesAsync(issue.Id, 10, default)).Select(sample => sample.EventId).Should().Equal("new");
        (await Store.GetSeriesAsync(issue.Id, Some.Hour - (40 * 24), Some.Hour, null, default)).Sum().Should().Be(4);
        (await Store.ListOutcomesAsync(null, 0, default)).Sum(outcome => outcome.Count).Should().Be(4);
    }

    [Test]
    public async Task Purge_EmptyIssues_GoOnceClosed()
    {
        var days = 24 * Some.HourMs;
        await Apply(Some.Delta("open", at: -40 * days), Some.Delta("closed", at: -40 * days), Some.Delta("fresh"));
        var closed = (await Issues()).Single(row => row.Title.EndsWith("closed", StringComparison.Ordinal)).Id;
        await Command(CommandKind.Resolve, closed, at: 0);

        await Store.PurgeAsync(Token, new(TimeSpan.FromDays(30), 0), Some.Now, default);

        (await Issues()).Select(row => row.Title).Should().BeEquivalentTo("TypeError: open", "TypeError: fresh");
    }

    [Test]
    public async Task Samples_OneEachOfManyKinds_AreNotExchangedWithEveryBatch()
    {
        await Apply(Some.Delta("a", count: 200, samples: [.. Enumerable.Range(0, 200).Select(n => Some.Sample($"e{n}", $"page{n}", at: n))]));
        const int minute = 60_000;
        await Apply(Some.Delta("a", samples: [Some.Sample("soon", "another page", at: 9 * minute)]));
        await Apply(Some.Delta("a", count: 2, samples: [Some.Sample("later", "another page", at: 11 * minute), Some.Sample("too", "one more", at: 11 * minute)]));

        var kept = (await Store.ListSamplesAsync((await OnlyIssue()).Id, 1000, default)).Select(sample => sample.EventId).ToList();
        kept.Should().HaveCount(200).And.NotContain(["soon", "e0", "e1"]).And.Contain(["later", "too", "e2"]);
    }

    [Test]
    public async Task Purge_MoreSamplesThanAllowed_KeepsOneOfEveryKind()
    {
        await Apply(Some.Delta("a", count: 40, samples: [.. Enumerable.Range(0, 40).Select(n => Some.Sample($"e{n}", n < 37 ? "usual" : $"kind{n}", at: n))]));

        (await Store.PurgeAsync(Token, new(TimeSpan.FromDays(30), 0, SamplesPerIssue: 5), Some.Now, default)).Events.Should().Be(35);

        (await Store.ListSamplesAsync((await OnlyIssue()).Id, 100, default)).Select(sample => sample.EventId).Should().Equal("e39", "e38", "e37", "e36", "e35");
    }

    [Test]
    public async Task Purge_TooManyBytes_OldestSamplesGoFirst()
    {
        var random = new Random(1);
        for (var batch = 0; batch < 10; batch++)
        {
            var samples = Enumerable.Range(0, 100).Select(n => Some.Sample(
                $"e{batch}-{n}", at: batch, message: Convert.ToBase64String(Enumerable.Range(0, 3000).Select(_ => (byte)random.Next(256)).ToArray())));
            await Apply(Some.Delta($"f{batch}", count: 100, samples: [.. samples]));
        }

        var purged = await Store.PurgeAsync(Token, new(TimeSpan.FromDays(30), 2_000_000), Some.Now, default);

        purged.Events.Should().BeInRange(300, 900);
        purged.Bytes.Should().BePositive();
        (await Store.SummarizeAsync(default)).Bytes.Should().BeLessThan(2_500_000);
        (await Store.GetEventAsync(Some.Project, "e0-0", default)).Should().BeNull();
        (await Store.GetEventAsync(Some.Project, "e9-99", default)).Should().NotBeNull();
        (await Issues()).Should().HaveCount(10);
    }

    [Test]
    public async Task Read_WhileAnotherWrites_AlwaysSeesWholeEntries()
    {
        await Apply(Some.Delta("a", count: 1), Some.Delta("b", count: 1));
        using var stop = new CancellationTokenSource();
        var reader = Open();
        var readers = Enumerable.Range(0, 3).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var rows = (await reader.ListIssuesAsync(Some.Query, default)).Rows;
                rows.Should().HaveCount(2);
                if (!ReadsWholeEntries)
                    continue;
                rows.Select(row => row.Count).Distinct().Should().ContainSingle("both change in one entry");
                rows.Should().OnlyContain(row => row.Trend.Sum() == row.Count);
            }
        }).ToList();

        for (var n = 0; n < 60; n++)
            await Apply(Some.Delta("a", count: 3), Some.Delta("b", count: 3));
        await stop.CancelAsync();

        await Task.WhenAll(readers);
        (await Issues()).Select(row => row.Count).Should().Equal(181, 181);
    }
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Samples that are repaired after their source maps have come.</summary>
internal abstract partial class ErrorStoreCompliance
{
    private static readonly RemapProgress Halfway = new() { Done = 3, Upto = 9, ProjectId = Some.Project, Release = "1.2.3", Place = "x", Looked = 2, Repaired = 1 };

    [Test]
    public async Task Remap_Samples_ShowsThemAndTheirIssueWhereTheyWereWritten()
    {
        await Apply(Some.Delta("u", count: 9, samples: [Some.Sample("e1"), Some.Sample("e2", at: 5)]));
        var issue = (await OnlyIssue()).Id;

        await Remap("m", "e1", "e2");

        (await Store.GetEventAsync(Some.Project, "e1", default))!.Error.Frames[0].File.Should().Be("src/cart.ts");
        (await OnlyIssue()).Should().BeEquivalentTo(new { Id = issue, Culprit = "totalOf in src/cart.ts", Count = 9 });
        (await Issues(Some.Query with { Text = "totalOf" })).Should().ContainSingle();
        (await Store.GetRemapProgressAsync(default)).Should().Be(Halfway);
        (await Store.CountUnmappedAsync(Some.Project, null, default)).Should().Be(0);
    }

    [Test]
    public async Task Remap_OlderSample_LeavesTheCulpritOfTheNewest()
    {
        await Apply(Some.Delta("u", samples: [Some.Sample("e1"), Some.Sample("e2", at: 5)]));

        await Remap("m", "e1");

        (await OnlyIssue()).Culprit.Should().Be("render (app.js)");
        (await Store.CountUnmappedAsync(Some.Project, null, default)).Should().Be(1);
    }

    [Test]
    public async Task Remap_ThenEventsUnderTheNewFingerprint_MakeNoNewIssue()
    {
        await Apply(Some.Delta("u", count: 9, samples: [Some.Sample("e1")]));
        var issue = (await OnlyIssue()).Id;
        await Remap("m", "e1");

        var applied = await Apply(Some.Delta("m", count: 2));

        applied.Changed.Should().Equal(new IssueChange(Some.Project, issue, IsNew: false));
        (await OnlyIssue()).Count.Should().Be(11);
    }

    [Test]
    public async Task Remap_ToAnErrorThatHasAnIssue_MergesTheNewerIntoTheOlder()
    {
        await Apply(Some.Delta("m", count: 4));
        var older = (await OnlyIssue()).Id;
        await Apply(Some.Delta("u", count: 9, samples: [Some.Sample("e1"), Some.Sample("e2")]));
        var newer = (await Issues()).Single(row => row.Id != older).Id;

        await Remap("m", "e1", "e2");
        await Remap("m", "e1", "e2");

        (await OnlyIssue()).Should().BeEquivalentTo(new { Id = older, Count = 13 });
        (await Store.FindHolderAsync(Some.Project, newer, default)).Should().Be(older);
        var move = (await Store.ListMovesAsync(Some.Project, older, 10, default)).Should().ContainSingle("a step that is repeated changes nothing").Subject;
        move.Should().BeEquivalentTo(new { What = IssueMove.ByMaps, By = (string?)null });
        await Command(Some.Undo(older, move.Id));
        (await Issues()).Should().HaveCount(2);
    }

    [Test]
    public async Task Remap_SamplesOfSeveralErrors_FollowsTheMajority()
    {
        await Apply(Some.Delta("m1"), Some.Delta("m2"));
        var rows = await Issues();
        await Apply(Some.Delta("u", count: 5, samples: [Some.Sample("e1"), Some.Sample("e2"), Some.Sample("e3")]));

        await Store.RemapAsync(Token, new(Halfway, [Repaired("m1", "e1"), Repaired("m2", "e2"), Repaired("m2", "e3")]), default);

        (await Issues()).Should().HaveCount(2);
        (await Detail(rows.Single(row => row.Title == "TypeError: m2").Id)).Issue.Count.Should().Be(6);
    }

    [Test]
    public async Task Unmapped_Samples_AreFoundByReleaseAndWalkedByFingerprint()
    {
        var mapped = Some.Sample("done") is var sample ? sample with { Error = sample.Error with { Frames = [sample.Error.Frames[0] with { Generated = new("a.js", 1, 1, "e") }] } } : null!;
        await Apply(
            Some.Delta("a", samples: [Some.Sample("a1"), Some.Sample("a2"), mapped]),
            Some.Delta("b", samples: [Some.Sample("b1") with { Context = new() { Release = "9" } }]),
            Some.Delta("c", project: 99, samples: [Some.Sample("c1")]));

        var first = (await Store.NextUnmappedAsync(Some.Project, "1.2.3", null, default))!;
        first.Grouping.Should().BeEquivalentTo(new { Version = "v1", Fingerprint = "a", Tokens = new[] { "TypeError", "a" } });
        first.Samples.Select(s => s.EventId).Should().BeEquivalentTo(["a1", "a2"]);
        (await Store.NextUnmappedAsync(Some.Project, "1.2.3", first.Place, default)).Should().BeNull();
        var second = await Store.NextUnmappedAsync(Some.Project, null, first.Place, default);
        second!.Samples.Single().EventId.Should().Be("b1");
        (await Store.CountUnmappedAsync(Some.Project, null, default)).Should().Be(3);
    }

    [Test]
    public async Task Remap_AfterAnotherTookTheLead_IsFenced()
    {
        await Apply(Some.Delta("u", samples: [Some.Sample("e1")]));
        await Open().TakeLeadershipAsync("other", default);

        var late = () => Remap("m", "e1");

        await late.Should().ThrowAsync<FencedException>();
        (await Store.GetRemapProgressAsync(default)).Should().BeNull();
    }

    private Task<Applied> Remap(string fingerprint, params string[] events) =>
        Store.RemapAsync(Token, new(Halfway, [.. events.Select(e => Repaired(fingerprint, e))]), default);

    private static RemappedSample Repaired(string fingerprint, string id)
    {
        var sample = Some.Sample(id, at: id == "e2" ? 5 : 0, function: "totalOf", file: "src/cart.ts");
        var frame = sample.Error.Frames[0] with { Generated = new("https://shop.example/js/checkout.js", 1, 55, "e") };
        return new(Some.Project, sample with { Error = sample.Error with { Frames = [frame] } }, new("v1", fingerprint, [fingerprint]), "totalOf in src/cart.ts");
    }
}

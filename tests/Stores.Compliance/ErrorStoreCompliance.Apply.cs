using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Counting exactly once, whoever applies and however often.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public async Task Apply_NewFingerprint_MakesAnIssueThatTellsItsDelta()
    {
        var applied = await Apply(Some.Delta("a", count: 3, at: 5, title: "TypeError: boom", users: ["u1", "u2"], samples: [Some.Sample("e1", at: 5)]));

        var issue = await OnlyIssue();
        applied.Changed.Should().Equal(new IssueChange(Some.Project, issue.Id, IsNew: true));
        issue.Should().BeEquivalentTo(new
        {
            ProjectId = Some.Project,
            Title = "TypeError: boom",
            Culprit = "render (app.js)",
            Level = "error",
            Class = "ours",
            State = IssueState.Open,
            Count = 3,
            Users = 2,
            FirstSeen = Some.Start + 5,
            LastSeen = Some.Start + 5,
        });
        issue.Trend.Should().HaveCount(24).And.EndWith(3L);
        var detail = await Detail(issue.Id);
        detail.LatestEventId.Should().Be("e1");
        detail.Fingerprints.Should().ContainSingle().Which.Tokens.Should().Equal("TypeError", "a");
        detail.History.Should().ContainSingle().Which.What.Should().Be("created");
    }

    [Test]
    public async Task Apply_KnownFingerprint_AddsToItsIssue()
    {
        await Apply(Some.Delta("a", count: 3, at: 1000, users: ["u1", "u2"], title: "old"));
        var applied = await Apply(Some.Delta("a", count: 4, at: 500, received: 2000, users: ["u2", "u3"], title: "new"), Some.Delta("b"));

        applied.Changed.Select(change => change.IsNew).Should().Equal(false, true);
        var issue = (await Issues()).Single(row => row.Title == "new");
        issue.Should().BeEquivalentTo(new { Count = 7, Users = 3, FirstSeen = Some.Start + 500, LastSeen = Some.Start + 1000 });
    }

    [Test]
    public async Task Apply_SameFingerprintInTwoProjects_AreTwoIssues()
    {
        await Apply(Some.Delta("a", project: 1), Some.Delta("a", project: 2));

        (await Issues()).Select(row => row.ProjectId).Should().BeEquivalentTo([1, 2]);
    }

    [Test]
    public async Task Apply_SameEntryAgain_IsRefusedAndCountsOnce()
    {
        LaneEntry[] entries = [Some.Entry(1, Some.Delta("a", count: 5))];
        await Store.ApplyAsync(Token, LaneName, StreamId.Zero, entries, default);

        var again = () => Store.ApplyAsync(Token, LaneName, StreamId.Zero, entries, default);

        (await again.Should().ThrowAsync<CursorMovedException>()).Which.Stored.Should().Be(Some.Id(1));
        (await OnlyIssue()).Count.Should().Be(5);
    }

    [Test]
    public async Task Apply_AfterAnotherTookTheLead_IsFencedAndChangesNothing()
    {
        await Apply(Some.Delta("a", count: 1));
        var other = Open();
        var newer = await other.TakeLeadershipAsync("other", default);
        await other.ApplyAsync(newer, LaneName, Some.Id(1), [Some.Entry(2, Some.Delta("a", count: 10))], default);

        var zombie = () => Store.ApplyAsync(Token, LaneName, Some.Id(2), [Some.Entry(3, Some.Delta("a", count: 100))], default);
        var zombieElsewhere = () => Store.ApplyAsync(Token, "lane-01", StreamId.Zero, [Some.Entry(1, Some.Delta("a", count: 1000))], default);
        var zombieCommand = () => Command(CommandKind.Delete, 1, at: 0);
        var zombiePurge = () => Store.PurgeAsync(Token, new(TimeSpan.Zero, 0), Some.Now.AddYears(1), default);
        var zombieFlag = () => Store.FlagApproximateAsync(Token, LaneName, 0, 1, "x", default);

        await zombie.Should().ThrowAsync<FencedException>();
        await zombieElsewhere.Should().ThrowAsync<FencedException>();
        await zombieCommand.Should().ThrowAsync<FencedException>();
        await zombiePurge.Should().ThrowAsync<FencedException>();
        await zombieFlag.Should().ThrowAsync<FencedException>();
        (await OnlyIssue()).Count.Should().Be(11);
        (await Store.ReadCursorAsync(LaneName, default)).Should().Be(Some.Id(2));
        (await Store.ReadCursorAsync("lane-01", default)).Should().Be(StreamId.Zero);
    }

    [Test]
    public async Task Apply_StoppedInTheMiddle_HasNoEffectUntilItIsRepeated()
    {
        LaneEntry[] entries = [Some.Entry(1, Some.Delta("a", count: 2, users: ["u"], samples: [Some.Sample("e")]), Some.Delta("b")), Some.Entry(2, Some.Delta("a"))];
        using (StopApplyingMidway())
        {
            var stopped = () => Store.ApplyAsync(Token, LaneName, StreamId.Zero, entries, default);
            await stopped.Should().ThrowAsync<Exception>();
        }

        (await Issues()).Should().BeEmpty();
        (await Store.GetEventAsync(Some.Project, "e", default)).Should().BeNull();
        (await Store.ReadCursorAsync(LaneName, default)).Should().Be(StreamId.Zero);
        await Store.ApplyAsync(Token, LaneName, StreamId.Zero, entries, default);
        (await Issues()).Select(row => row.Count).Should().BeEquivalentTo([3L, 1L]);
    }

    [Test]
    public async Task Apply_ManyEntries_MovesTheCursorToTheLast()
    {
        await Store.ApplyAsync(Token, LaneName, StreamId.Zero, [Some.Entry(1, Some.Delta("a")), Some.Entry(9, Some.Delta("a")), Some.Entry(12)], default);

        (await Store.ReadCursorAsync(LaneName, default)).Should().Be(Some.Id(12));
        (await OnlyIssue()).Count.Should().Be(2);
    }

    [Test]
    public async Task Apply_LargestStreamIds_AreKeptWhole()
    {
        var id = new StreamId(ulong.MaxValue, ulong.MaxValue);
        await Store.ApplyAsync(Token, LaneName, StreamId.Zero, [new(id, new())], default);

        (await Store.ReadCursorAsync(LaneName, default)).Should().Be(id);
    }

    [Test]
    public async Task Apply_EntriesOutOfOrder_IsAMistakeOfTheCaller()
    {
        var apply = () => Store.ApplyAsync(Token, LaneName, StreamId.Zero, [Some.Entry(2), Some.Entry(1)], default);

        await apply.Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task Apply_TwoLanes_HaveCursorsOfTheirOwn()
    {
        await Apply(Some.Delta("a"));
        await Store.ApplyAsync(Token, "lane-01", StreamId.Zero, [Some.Entry(1, Some.Delta("a"))], default);

        (await OnlyIssue()).Count.Should().Be(2);
    }

    [Test]
    public async Task Apply_OutcomesAndStored_AreCountedInTheSameStep()
    {
        var minute = Some.Start / 60_000;
        var batch = new DeltaBatch { Issues = [Some.Delta("a", count: 4)], Outcomes = [new(Some.Project, minute, "duplicate", 2)] };
        await Store.ApplyAsync(Token, LaneName, StreamId.Zero, [new(Some.Id(1), batch), new(Some.Id(2), batch)], default);

        (await Store.ListOutcomesAsync(Some.Project, minute, default)).Should().BeEquivalentTo(
            [new OutcomeCount(Some.Project, minute, "stored", 8), new OutcomeCount(Some.Project, minute, "duplicate", 4)]);
        (await Store.ListOutcomesAsync(null, minute, default)).Should().HaveCount(2);
        (await Store.ListOutcomesAsync(Some.Project + 1, minute, default)).Should().BeEmpty();
        (await Store.ListOutcomesAsync(Some.Project, minute + 1, default)).Should().BeEmpty();
    }

    [Test]
    public async Task Apply_DeltaThatCanNeverBe_IsKeptAsideAndTheRestApplied()
    {
        var applied = await Apply(Some.Delta("a"), Some.Delta("b", count: -3), Some.Delta("c") with { Samples = null! }, Some.Delta("d"));

        applied.Refused.Select(refused => refused.Delta.Grouping.Fingerprint).Should().Equal("b", "c");
        (await Issues()).Should().HaveCount(2);
        var kept = await Store.ListRefusedAsync(10, default);
        kept.Select(refused => refused.Delta.Grouping.Fingerprint).Should().Equal("c", "b");
        kept[1].Reason.Should().Contain("-3");
        kept[1].Entry.Should().Be(Some.Id(1));
    }

    [Test]
    public async Task Apply_SoManyRefusedThatItIsAnOutage_AppliesNothingAndSaysSo()
    {
        var bad = Enumerable.Range(0, 21).Select(n => Some.Delta($"bad{n}", count: -1));
        var apply = () => Apply([Some.Delta("a"), .. bad]);

        await apply.Should().ThrowAsync<StoreUnavailableException>().WithMessage("21 of 22 deltas*outage*");

        (await Issues()).Should().BeEmpty();
        (await Store.ReadCursorAsync(LaneName, default)).Should().Be(StreamId.Zero);
        (await Store.ListRefusedAsync(100, default)).Should().BeEmpty();
    }

    [Test]
    public async Task CountRefused_BetweenEntries_SumsTheirEvents()
    {
        await Apply(Some.Delta("a") with { Samples = null!, Count = 5 });
        var next = new LaneEntry(Some.Id(2), new() { Issues = [Some.Delta("b") with { Samples = null!, Count = 7 }, Some.Delta("c")] });
        await Store.ApplyAsync(Token, LaneName, Some.Id(1), [next], default);

        (await Store.CountRefusedAsync(LaneName, Some.Id(1), Some.Id(2), default)).Should().Be(12);
        (await Store.CountRefusedAsync(LaneName, Some.Id(2), Some.Id(9), default)).Should().Be(7);
        (await Store.CountRefusedAsync("lane-77", Some.Id(1), Some.Id(2), default)).Should().Be(0);
    }

    [Test]
    public async Task FlagApproximate_Interval_IsListed()
    {
        await Store.FlagApproximateAsync(Token, LaneName, 10, 20, "Redis lost its tail", default);

        (await Store.ListApproximateAsync(10, default)).Should().Equal(new ApproximateInterval(LaneName, 10, 20, "Redis lost its tail"));
    }

    [Test]
    public async Task Users_BeyondTheExactNumber_AreEstimatedAndNeverFewer()
    {
        var before = 0L;
        for (var round = 0; round < 24; round++)
        {
            await Apply(Some.Delta("a", users: [.. Enumerable.Range(round * 500, 1000).Select(n => $"user-{n}")]));
            var users = (await OnlyIssue()).Users;
            users.Should().BeGreaterThanOrEqualTo(before);
            before = users;
        }

        before.Should().BeCloseTo(12_500, 400);
    }
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

internal abstract partial class ErrorStoreCompliance
{
    private const string Event = "0123456789abcdef0123456789abcdef";

    [Test]
    public async Task Receipt_OfAStoredEvent_NamesItsIssue_InItsProjectOnly()
    {
        await Apply(Counting("a", Event, "e2"), Counting("b", "e3"), Counting("c", 8, "e4"));
        var issue = (await Issues()).Single(i => i.Title.EndsWith(" a", StringComparison.Ordinal)).Id;
        (await Receipts(Event)).Should().ContainSingle().Which.Should().Match<Receipt>(r => r.Outcome == "stored" && r.IssueId == issue && r.ProjectId == Some.Project);
        (await Receipts("e4")).Should().BeEmpty("it is another project's");
        (await Receipts("e5")).Should().BeEmpty();
        (await Store.FindReceiptsAsync([8, Some.Project], "e4", default)).Should().ContainSingle().Which.ProjectId.Should().Be(8);
    }

    [Test]
    public async Task Receipt_OfAnEventThatMetAnotherFate_TellsIt_NewestFirst()
    {
        await Apply(Counting("a", Event));
        await ApplyFates(new("duplicate", Ids("e2", Event)), new("filtered:extension", Ids("e3")));
        (await Receipts(Event)).Select(r => r.Outcome).Should().Equal("duplicate", "stored");
        (await Receipts("e3")).Should().ContainSingle().Which.Should().Match<Receipt>(r => r.Outcome == "filtered:extension" && r.IssueId == null);
    }

    [Test]
    public async Task Receipt_OfARefusedDelta_IsDead_AndOfADeletedIssue_NamesNone()
    {
        await Apply(Counting("a", Event), Counting("b", "e2") with { Count = -1 });
        (await Receipts("e2")).Should().ContainSingle().Which.Outcome.Should().Be("dead");
        await Command(CommandKind.Delete, (await OnlyIssue()).Id, at: 1000);
        (await Receipts(Event)).Should().ContainSingle().Which.Should().Match<Receipt>(r => r.Outcome == "stored" && r.IssueId == null);

        await Apply(Counting("a", "e3"));
        (await Receipts("e3")).Should().ContainSingle("the tombstone swallowed it, and it was counted stored").Which.IssueId.Should().BeNull();
    }

    [Test]
    public async Task Receipts_OfAnApplyThatStoppedMidway_AreNotKept()
    {
        using (StopApplyingMidway())
        {
            var apply = () => Apply(Counting("a", Event));
            await apply.Should().ThrowAsync<Exception>();
        }

        (await Receipts(Event)).Should().BeEmpty();
        await Apply(Counting("a", Event));
        (await Receipts(Event)).Should().ContainSingle();
    }

    [Test]
    public async Task Receipts_OfOlderOrTornMessages_AreNoTrouble()
    {
        await Apply(Some.Delta("a") with { EventIds = null }, Some.Delta("b") with { EventIds = [1, 2, 3] });
        await ApplyFates(new("duplicate", null!), new(null!, [1]), null!);
        (await Receipts(Event)).Should().BeEmpty();
        (await Issues()).Should().HaveCount(2);
    }

    [Test]
    public async Task Receipts_OfManyCommits_AreAllFound_BeforeAndAfterThePurgeMergesThem()
    {
        var random = new Random(5);
        var events = Enumerable.Range(0, 600).Select(_ => Guid.NewGuid().ToString("N")).ToList();
        foreach (var chunk in events.Chunk(20))
            await Apply([.. chunk.GroupBy(_ => random.Next(4)).Select(g => Counting($"f{g.Key}", [.. g]))]);

        async Task AllAreFoundAsync()
        {
            foreach (var id in events)
                (await Receipts(id)).Should().ContainSingle().Which.IssueId.Should().NotBeNull();
        }

        await AllAreFoundAsync();
        await Store.PurgeAsync(Token, Keep, WhenApplied, default);
        await AllAreFoundAsync();
        (await Store.GetReceiptWindowAsync(default)).Should().Match<ReceiptWindow>(w => w.Events == 600 && w.FromMs == AppliedMs);
    }

    [Test]
    public async Task Receipts_OfABusyHour_AreAllFound_OnceItIsOver_AndTheOldestGoFirst()
    {
        const int perCommit = 1500;
        var random = new Random(6);
        var events = Enumerable.Range(0, 3 * perCommit).Select(_ => Guid.NewGuid().ToString("N")).ToList();
        foreach (var chunk in events.Chunk(perCommit))
            await Apply(Counting("busy", chunk));
        await ApplyFates(new FateIds("duplicate", Ids(events[7])));

        await Store.PurgeAsync(Token, Keep, WhenApplied.AddHours(2), default);
        for (var n = 0; n < 60; n++)
            (await Receipts(events[random.Next(8, events.Count)])).Should().ContainSingle().Which.Outcome.Should().Be("stored");
        (await Receipts(events[7])).Select(r => r.Outcome).Should().BeEquivalentTo("stored", "duplicate");
        (await Receipts("nobody's")).Should().BeEmpty();
        (await Store.GetReceiptWindowAsync(default)).Should().Match<ReceiptWindow>(w => w.Events == events.Count + 1 && w.FromMs == AppliedMs);

        await Store.PurgeAsync(Token, Keep with { ReceiptBytes = 12 * perCommit }, WhenApplied.AddHours(2), default);
        (await Store.GetReceiptWindowAsync(default)).Events.Should().BeLessThanOrEqualTo(perCommit);
    }

    [Test]
    public async Task Receipts_ThatAreTooOldOrTooMany_AreForgotten()
    {
        await Apply(Counting("a", Event));
        await Store.PurgeAsync(Token, Keep with { ReceiptAge = TimeSpan.FromHours(1) }, WhenApplied.AddMinutes(59), default);
        (await Receipts(Event)).Should().ContainSingle();
        await Store.PurgeAsync(Token, Keep with { ReceiptAge = TimeSpan.FromHours(1) }, WhenApplied.AddMinutes(61), default);
        (await Receipts(Event)).Should().BeEmpty();

        await Apply(Counting("a", "e2"));
        await Store.PurgeAsync(Token, Keep with { ReceiptBytes = 0 }, WhenApplied, default);
        (await Store.GetReceiptWindowAsync(default)).Should().Be(new ReceiptWindow(null, 0, 0));
        (await OnlyIssue()).Count.Should().Be(2, "receipts are no counts");
    }

    /// <summary>Apply() gives its entries ids of this time.</summary>
    private const long AppliedMs = 1000;
    private static readonly DateTimeOffset WhenApplied = DateTimeOffset.FromUnixTimeMilliseconds(AppliedMs);
    private static readonly RetentionPolicy Keep = new(TimeSpan.FromDays(3650), 0);

    private Task<IReadOnlyList<Receipt>> Receipts(string eventId) => Store.FindReceiptsAsync([Some.Project], eventId, default);

    private static byte[] Ids(params string[] events) => ShortIds.Pack(events.Select(e => EventIdentity.Of(Some.Project, e).Short));

    private static IssueDelta Counting(string fingerprint, params string[] events) => Counting(fingerprint, Some.Project, events);

    private static IssueDelta Counting(string fingerprint, int project, params string[] events) =>
        Some.Delta(fingerprint, events.Length, project: project) with { EventIds = ShortIds.Pack(events.Select(e => EventIdentity.Of(project, e).Short)) };

    private async Task ApplyFates(params FateIds[] fates)
    {
        var cursor = await Store.ReadCursorAsync(LaneName, default);
        await Store.ApplyAsync(Token, LaneName, cursor, [new(new(1000, cursor.Seq + 1), new DeltaBatch { Fates = fates })], default);
    }
}

using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Mongo.Errors;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Stores.Compliance;

[TestFixture]
internal sealed class MongoErrorStoreTests : ErrorStoreCompliance
{
    private MongoTestDatabase _database = null!;

    protected override IErrorStore Connect() => new MongoErrorStore(new() { Uri = _database.Uri });

    protected override bool ReadsWholeEntries => false;

    /// <summary>Each is some hundred round trips, and waits where connections are cut.</summary>
    protected override int Histories => 5;

    [OneTimeSetUp]
    public async Task MakeDatabase() => _database = await MongoTestDatabase.CreateAsync();

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    protected override Task CreateAsync() => Task.CompletedTask;

    protected override Task RemoveAsync() => _database.EmptyAsync();

    /// <summary>Outcomes are counted last, and what people see is worked out after them.</summary>
    protected override IDisposable StopApplyingMidway() => _database.CutAt("outcomes");

    /// <summary>Wherever it was stopped: who comes next repeats it, and every document has it once.</summary>
    [TestCase("fingerprintHours")]
    [TestCase("fingerprintFacets")]
    [TestCase("fingerprintReleases")]
    [TestCase("fingerprints")]
    [TestCase("environments")]
    [TestCase("releases")]
    [TestCase("clients")]
    [TestCase("projectFacets")]
    [TestCase("issueUsers")]
    [TestCase("aliases")]
    [TestCase("history")]
    [TestCase("outcomes")]
    [TestCase("events")]
    [TestCase("words")]
    [TestCase("receipts")]
    [TestCase("refused")]
    [TestCase("issues")]
    [TestCase("lanes")]
    public async Task Apply_CutAtACollection_IsFinishedByTheNextWriterAndCountsOnce(string collection)
    {
        await Apply(Delta("a", "u1", "e1"));
        LaneEntry[] entries = [Entry(2, Delta("a", "u2", "e2"), Delta("b", "u1", "e3")), Entry(3, Delta("a", "u3", "e4"), Some.Delta("bad", count: -1))];
        using (_database.CutAt(collection))
        {
            var cut = () => Store.ApplyAsync(Token, LaneName, Some.Id(1), entries, default);
            await cut.Should().ThrowAsync<Exception>();
        }

        var next = Open();
        var token = await next.TakeLeadershipAsync("next", default);
        await next.ApplyAsync(token, LaneName, Some.Id(1), entries, default);

        var issues = await Issues();
        issues.Select(issue => (issue.Title, issue.Count, issue.Users, Trend: issue.Trend.Sum())).Should()
            .BeEquivalentTo([("TypeError: a", 6L, 3L, 6L), ("TypeError: b", 2L, 1L, 2L)]);
        var a = issues.Single(issue => issue.Count == 6).Id;
        (await Store.GetFacetsAsync(a, 10, default)).Should().HaveCount(3).And.OnlyContain(facet => facet.Total == 6);
        (await Store.ListSamplesAsync(a, 10, default)).Should().HaveCount(3);
        (await Store.ListOutcomesAsync(null, 0, default)).Select(outcome => (outcome.Outcome, outcome.Count)).Should().BeEquivalentTo([("stored", 8L), ("dead", -1L), ("duplicate", 2L)]);
        (await Store.ListReleasesAsync(Some.Project, 10, default)).Should().ContainSingle().Which.Events.Should().Be(8);
        (await Store.ListClientsAsync(Some.Project, default)).Should().ContainSingle().Which.Count.Should().Be(8);
        (await Store.GetProjectFacetsAsync(Some.Project, Some.Start, Some.Start, default)).Counts.Where(facet => facet.Dimension is "browser" or "page").Sum(facet => facet.Count).Should().Be(16);
        (await Store.ListRefusedAsync(10, default)).Should().ContainSingle();
        (await Store.FindReceiptsAsync([Some.Project], "e4", default)).Should().ContainSingle().Which.IssueId.Should().Be(a);
        (await Detail(a)).History.Should().ContainSingle();
        (await Issues(Some.Query with { Text = "renderCart", Environment = "production" })).Should().HaveCount(2);
        (await Store.ReadCursorAsync(LaneName, default)).Should().Be(Some.Id(3));
    }

    /// <summary>Entries are added to documents together: a document that has them would take the rest of a shorter or longer row for known.</summary>
    [Test]
    public async Task Apply_OtherEntriesThanWereBegun_EndsThoseFirstAndTogether()
    {
        LaneEntry[] entries = [Entry(1, Delta("a", "u1", "e1")), Entry(2, Delta("a", "u2", "e2")), Entry(3, Delta("a", "u3", "e3"))];
        using (_database.CutAt("fingerprints"))
            await FluentActions.Awaiting(() => Store.ApplyAsync(Token, LaneName, StreamId.Zero, entries[..2], default)).Should().ThrowAsync<Exception>();

        (await Store.ReadBegunAsync(LaneName, default)).Should().Be(Some.Id(2));
        (await FluentActions.Awaiting(() => Store.ApplyAsync(Token, LaneName, StreamId.Zero, entries[..1], default)).Should().ThrowAsync<StoreUnavailableException>())
            .WithMessage($"*{Some.Id(2)}*begun together*{Some.Id(1)}*");
        await Store.ApplyAsync(Token, LaneName, StreamId.Zero, entries, default);

        (await OnlyIssue()).Should().BeEquivalentTo(new { Count = 6, Users = 3 });
        (await Store.GetFacetsAsync((await OnlyIssue()).Id, 10, default)).Should().OnlyContain(facet => facet.Total == 6);
        (await Store.ReadCursorAsync(LaneName, default)).Should().Be(Some.Id(3));
        (await Store.ReadBegunAsync(LaneName, default)).Should().Be(Some.Id(3));
    }

    /// <summary>Of two that both believe to lead, one begins; the other repeats what it finds.</summary>
    [Test]
    public async Task Apply_BegunByAWriterThatWasReplacedMeanwhile_IsRepeatedAsItWas()
    {
        LaneEntry[] entries = [Entry(1, Delta("a", "u1", "e1")), Entry(2, Delta("a", "u2", "e2")), Entry(3, Delta("b", "u3", "e3"))];
        using (_database.CutAt("outcomes"))
            await FluentActions.Awaiting(() => Store.ApplyAsync(Token, LaneName, StreamId.Zero, entries, default)).Should().ThrowAsync<Exception>();
        var next = Open();
        var token = await next.TakeLeadershipAsync("next", default);
        await next.ApplyAsync(token, LaneName, StreamId.Zero, [.. entries, Entry(4, Delta("b", "u4", "e4"))], default);

        await FluentActions.Awaiting(() => Store.ApplyAsync(Token, LaneName, StreamId.Zero, entries, default)).Should().ThrowAsync<FencedException>();
        (await Issues()).Select(issue => (issue.Title, issue.Count, issue.Users)).Should().BeEquivalentTo([("TypeError: a", 4L, 2L), ("TypeError: b", 4L, 2L)]);
        (await Store.ReadCursorAsync(LaneName, default)).Should().Be(Some.Id(4));
    }

    /// <summary>A writer that was replaced counts its last entries while the next one counts another lane: neither knows the users of the other.</summary>
    [Test]
    public async Task Apply_WhileAReplacedWriterCountsInAnotherLane_TellsTheUsersOfBoth()
    {
        await Apply(Delta("a", "u1", "e1"));
        LaneEntry[] late = [Entry(1, Delta("a", "u2", "e2"))];
        using (_database.CutAt("fingerprintHours"))
            await FluentActions.Awaiting(() => Store.ApplyAsync(Token, "lane-01", StreamId.Zero, late, default)).Should().ThrowAsync<Exception>();
        var next = Open();
        var token = await next.TakeLeadershipAsync("next", default);
        await next.ApplyAsync(token, LaneName, Some.Id(1), [Entry(2, Delta("a", "u3", "e3"))], default);
        await _database.RunAsync(errors =>
        {
            var counts = new GuardedCounts("lane-01", Some.Id(1));
            counts.Of(errors.Fingerprints.Query(_ => { }, FingerprintDocument.Read).Single()).Add("count", 2).Most("users", 2);
            counts.Apply(errors.Session);
        });

        await next.ApplyAsync(token, "lane-01", StreamId.Zero, late, default);

        (await OnlyIssue()).Should().BeEquivalentTo(new { Count = 6, Users = 3 });
    }

    [Test]
    public async Task Command_WhileAnEntryIsAppliedInPart_WaitsForIt()
    {
        await Apply(Some.Delta("a"));
        var issue = (await OnlyIssue()).Id;
        LaneEntry[] entries = [Some.Entry(2, Some.Delta("a", received: 50))];
        using (_database.CutAt("outcomes"))
            await FluentActions.Awaiting(() => Store.ApplyAsync(Token, LaneName, Some.Id(1), entries, default)).Should().ThrowAsync<Exception>();
        var command = new CommandEntry(Some.Id(1), Some.Command(CommandKind.Resolve, issue, at: 100));

        await FluentActions.Awaiting(() => Store.ApplyCommandsAsync(Token, StreamId.Zero, [command], default)).Should().ThrowAsync<StoreUnavailableException>();
        await Store.ApplyAsync(Token, LaneName, Some.Id(1), entries, default);
        await Store.ApplyCommandsAsync(Token, StreamId.Zero, [command], default);

        (await OnlyIssue()).Should().BeEquivalentTo(new { State = IssueState.Resolved, Count = 2 });
    }

    /// <summary>By the first bits of their ids: who looks for one reads one of four.</summary>
    [Test]
    public async Task Receipts_OnceTheirHourIsOver_AreDividedForLookUps()
    {
        var events = Enumerable.Range(0, 3000).Select(n => $"{n:x32}").ToArray();
        await Apply(Some.Delta("a", events.Length) with { EventIds = ShortIds.Pack(events.Select(id => EventIdentity.Of(Some.Project, id).Short)) });
        var policy = new RetentionPolicy(TimeSpan.FromDays(3650), 0);
        await Store.PurgeAsync(Token, policy, DateTimeOffset.FromUnixTimeMilliseconds(1000), default);
        (await _database.CountAsync("receipts")).Should().Be(1, "the hour is not over");
        await Store.PurgeAsync(Token, policy, DateTimeOffset.FromUnixTimeMilliseconds(1000).AddHours(1), default);
        (await _database.CountAsync("receipts")).Should().Be(4);
        (await Store.FindReceiptsAsync([Some.Project], events[1234], default)).Should().ContainSingle();
    }

    [Test]
    public async Task Expiry_OfEvents_IsWhatItWasToldLast()
    {
        await using var own = await MongoTestDatabase.CreateAsync();
        foreach (var days in (int[])[90, 90, 30])
        {
            await using var store = new MongoErrorStore(new() { Uri = own.Uri, EventsExpireAfter = TimeSpan.FromDays(days) });
            await store.MigrateAsync(default);
            (await own.ListExpiriesAsync("events")).Should().Equal(days * 86_400L);
        }
    }

    /// <summary>The server looks every minute.</summary>
    [Test, Category("Long"), CancelAfter(240_000)]
    public async Task Events_ThatNobodySweeps_AreGoneAfterTheirTime()
    {
        await using var own = await MongoTestDatabase.CreateAsync();
        await using var store = new MongoErrorStore(new() { Uri = own.Uri, EventsExpireAfter = TimeSpan.FromDays(1) });
        await store.MigrateAsync(default);
        var token = await store.TakeLeadershipAsync("test", default);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - Some.Start;
        var delta = Some.Delta(samples: [Some.Sample("old", at: now - (25 * Some.HourMs)), Some.Sample("new", at: now)]);
        await store.ApplyAsync(token, LaneName, StreamId.Zero, [Some.Entry(1, delta)], default);

        await Deadline.Until(async () => (await own.CountAsync("events")) == 1, TimeSpan.FromSeconds(200));

        (await store.GetEventAsync(Some.Project, "new", default)).Should().NotBeNull();
        (await store.GetEventAsync(Some.Project, "old", default)).Should().BeNull();
    }

    private static LaneEntry Entry(long n, params IssueDelta[] deltas) =>
        new(Some.Id(n), new DeltaBatch { Issues = deltas, Outcomes = [new(Some.Project, Some.Start / 60_000, "duplicate", 1)] });

    private static IssueDelta Delta(string fingerprint, string user, string eventId) =>
        Some.Delta(fingerprint, count: 2, users: [user], samples: [Some.Sample(eventId)], facets: [new("page", $"/{eventId}", 2)]).Of("1.0")
            .Named(new GroupingAlias("v0", fingerprint, Mapped: false)) with
        {
            Clients = [new("sentry", 2, Some.Start)],
            EventIds = ShortIds.Pack([EventIdentity.Of(Some.Project, eventId).Short]),
        };
}

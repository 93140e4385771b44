using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Locking;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Aggregate;
using ErrorPipeline.Workers.LateMaps;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.SourceMaps;
using ErrorPipeline.Workers.Pumping;
using ErrorPipeline.Workers.Write;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErrorPipeline.Workers.Tests.LateMaps;

/// <summary>Errors of a minified build whose source maps come afterwards: stages, stores and the repair as they run, without Redis between them.</summary>
public sealed class LateMapTests
{
    private readonly NormalizeStage _stage = new();
    private SettableTime _time = null!;
    private TempFolder _folder = null!;
    private SqliteErrorStore _store = null!;
    private SqliteArtifactStore _artifacts = null!;
    private MapLoader _loader = null!;
    private RedisServer _redis = null!;
    private RedisConnection _connection = null!;
    private LateMapSweep _sweep = null!;
    private StreamId _cursor;
    private long _token;

    [OneTimeSetUp]
    public async Task StartRedis()
    {
        _redis = await RedisServer.StartAsync();
        _connection = new(_redis.Endpoint, "tests");
    }

    [OneTimeTearDown]
    public async Task StopRedis()
    {
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [SetUp]
    public async Task SetUp()
    {
        _folder = new();
        _time = new();
        _store = new(new() { Path = _folder["errors.db"] });
        _artifacts = new(_folder["artifacts.db"]);
        await _store.MigrateAsync(default);
        await _artifacts.MigrateAsync(default);
        _token = await _store.TakeLeadershipAsync("test", default);
        _cursor = StreamId.Zero;
        _loader = new(_artifacts, _stage.Files, new PumpOptions(), TimeProvider.System);
        _sweep = Sweep();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _store.DisposeAsync();
        await _artifacts.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Issue_WhoseMapsComeLate_IsRepairedAndKeepsItsAddress()
    {
        await StoreAsync(ShopBuild.Event(1, "1.0", ShopBuild.OfFirst, events: 7));
        var before = await OnlyIssueAsync();
        before.Culprit.Should().Contain(ShopBuild.First);

        await UploadAsync("1.0", ShopBuild.First);
        (await _sweep.PassAsync(_token, default)).Should().BeTrue();

        (await OnlyIssueAsync()).Should().BeEquivalentTo(new { before.Id, Count = 7, Culprit = "totalOf in src/cart.ts" });
        var sample = (await _store.GetEventAsync(1, Some.EventId(100), default))!;
        sample.Error.Frames[0].Should().BeEquivalentTo(new { Function = "totalOf", File = "src/cart.ts", Line = 6, Generated = new GeneratedPlace($"https://shop.test/static/{ShopBuild.First}", 1, 55, "e") });
        sample.Error.Frames[0].Context!.Line.Should().Be("    sum += item.price!.amount;");
        (await _store.ListIssuesAsync(Query with { Text = "totalOf" }, default)).Rows.Should().ContainSingle();
        (await _store.GetRemapProgressAsync(default)).Should().BeEquivalentTo(new { Looked = 5, Repaired = 5, Samples = 5, IsWalking = false });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Events_AfterTheUpload_MakeNoNewIssueBeforeOrAfterTheRepair(bool repaired)
    {
        await StoreAsync(ShopBuild.Event(1, "1.0", ShopBuild.OfFirst));
        var issue = (await OnlyIssueAsync()).Id;
        await UploadAsync("1.0", ShopBuild.First);
        if (repaired)
            await _sweep.PassAsync(_token, default);

        var changed = await StoreAsync(ShopBuild.Event(2, "1.0", ShopBuild.OfFirst));
        await StoreAsync(ShopBuild.Event(3, "1.0", ShopBuild.Gecko(ShopBuild.First, "e", "r", 136)));
        await _sweep.PassAsync(_token, default);

        changed.Should().Equal(new IssueChange(1, issue, IsNew: false));
        (await OnlyIssueAsync()).Should().BeEquivalentTo(new { Id = issue, Count = 3, Culprit = "totalOf in src/cart.ts" });
    }

    [Test]
    public async Task Events_OnTheirWayWithoutMaps_JoinTheIssueThatMapsMade()
    {
        var slow = await DeltasAsync(ShopBuild.Event(1, "1.0", ShopBuild.OfFirst));
        await UploadAsync("1.0", ShopBuild.First);
        await StoreAsync(ShopBuild.Event(2, "1.0", ShopBuild.OfFirst));

        await ApplyAsync(slow);

        (await OnlyIssueAsync()).Count.Should().Be(2);
    }

    [Test]
    public async Task Sample_StoredBehindTheFirstWalk_IsMetByTheSecond()
    {
        var slow = await DeltasAsync(ShopBuild.Event(1, "1.0", ShopBuild.OfFirst));
        await UploadAsync("1.0", ShopBuild.First);
        await _sweep.PassAsync(_token, default);
        await ApplyAsync(slow);

        (await _sweep.PassAsync(_token, default)).Should().BeFalse("the second look waits for what is on its way");
        _time.Advance(TimeSpan.FromSeconds(61));
        (await _sweep.PassAsync(_token, default)).Should().BeTrue();
        (await _sweep.PassAsync(_token, default)).Should().BeFalse("all is done then");

        (await OnlyIssueAsync()).Culprit.Should().Be("totalOf in src/cart.ts");
    }

    [Test]
    public async Task Rebuild_WhoseMapsComeLate_FindsTheIssueOfTheBuildBefore()
    {
        await UploadAsync("1.0", ShopBuild.First);
        await StoreAsync(ShopBuild.Event(1, "1.0", ShopBuild.OfFirst));
        var issue = (await OnlyIssueAsync()).Id;
        await StoreAsync(ShopBuild.Event(2, "2.0", ShopBuild.OfSecond));
        var minified = (await IssuesAsync()).Single(row => row.Id != issue).Id;

        await UploadAsync("2.0", ShopBuild.Second);
        await _sweep.PassAsync(_token, default);

        (await OnlyIssueAsync()).Should().BeEquivalentTo(new { Id = issue, Count = 2 });
        (await _store.FindHolderAsync(1, minified, default)).Should().Be(issue, "its address keeps working");
        (await _store.ListMovesAsync(1, issue, 5, default)).Single().What.Should().Be(IssueMove.ByMaps);
    }

    [Test]
    public async Task Issue_OfADist_IsRepairedByThatDistsMap()
    {
        await StoreAsync(ShopBuild.EventOfDist(1, "1.0", "one", ShopBuild.First));
        var at = _time.GetUtcNow().AddSeconds(-5);
        var url = $"~/static/{ShopBuild.First}.map";
        await _artifacts.PutAsync([new(1, "1.0", url, ArtifactKind.Map, ShopBuild.Map(ShopBuild.First)) { Dist = "one" }], at, default);
        await _artifacts.PutAsync([new(1, "1.0", url, ArtifactKind.Map, ShopBuild.Map(ShopBuild.Second)) { Dist = "two" }], at, default);

        await _sweep.PassAsync(_token, default);

        (await _store.GetEventAsync(1, Some.EventId(100), default))!.Error.Frames[0].Line.Should().Be(6, "the other dist has it on line 9");
    }

    [Test]
    public async Task Rebuild_WithoutAnyMaps_IsTheSameIssue()
    {
        await StoreAsync(ShopBuild.Event(1, "1.0", ShopBuild.OfFirst), ShopBuild.Event(2, "2.0", ShopBuild.OfSecond), ShopBuild.Event(3, "2.0", ShopBuild.Gecko(ShopBuild.Second, "o", "c", 177)));

        (await OnlyIssueAsync()).Count.Should().Be(3);
    }

    [Test]
    public async Task Walk_KilledInTheMiddle_GoesOnWhereItWas()
    {
        await StoreAsync([.. Enumerable.Range(0, 6).Select(n => ShopBuild.Event(n, "1.0", ShopBuild.OfFirst, $"other fault {(char)('a' + n)}"))]);
        await UploadAsync("1.0", ShopBuild.First);
        using (var killed = new CancellationTokenSource())
        {
            _time.Delayed = () =>
            {
                if (_time.Delays == 3)
                    killed.Cancel();
            };
            var walk = () => _sweep.PassAsync(_token, killed.Token);
            await walk.Should().ThrowAsync<OperationCanceledException>();
        }

        var halfway = (await _store.GetRemapProgressAsync(default))!;
        halfway.Should().BeEquivalentTo(new { IsWalking = true, Looked = 3, Repaired = 3, Samples = 6 });
        await Sweep().PassAsync(_token, default);

        (await _store.GetRemapProgressAsync(default)).Should().BeEquivalentTo(new { IsWalking = false, Looked = 6, Repaired = 6 });
        (await IssuesAsync()).Should().HaveCount(6).And.OnlyContain(row => row.Culprit == "totalOf in src/cart.ts");
    }

    [Test]
    public async Task Walk_OfAnotherReleaseOrStillUploading_TouchesNothing()
    {
        await StoreAsync(ShopBuild.Event(1, "1.0", ShopBuild.OfFirst));
        await UploadAsync("2.0", ShopBuild.Second);
        await _sweep.PassAsync(_token, default);
        (await _store.GetRemapProgressAsync(default))!.Looked.Should().Be(0);

        await PutAsync("1.0", ShopBuild.First, _time.GetUtcNow());
        (await _sweep.PassAsync(_token, default)).Should().BeFalse("the build may still be uploading");
        _time.Advance(TimeSpan.FromSeconds(2));
        (await _sweep.PassAsync(_token, default)).Should().BeTrue();
    }

    private static readonly IssueQuery Query = new() { NowHour = Some.Time / 3_600_000 };

    private LateMapSweep Sweep() => new(
        new(_store, _connection, RedLockFactory.Create([_connection]), new(), _time), _artifacts, _loader, new PolicyFeed(new(_connection), TimeProvider.System, NullLogger<PolicyFeed>.Instance), NullLogger<LateMapSweep>.Instance);

    private async Task<IReadOnlyList<IssueDelta>> DeltasAsync(params UniqueError[] events)
    {
        var maps = await _loader.LoadAsync(events, PolicySet.Usual, default);
        return AggregateStage.Run([.. _stage.Run(events, new(maps, PolicySet.Usual), default).Forward], default, default).Forward;
    }

    private async Task<IReadOnlyList<IssueChange>> StoreAsync(params UniqueError[] events) => await ApplyAsync(await DeltasAsync(events));

    private async Task<IReadOnlyList<IssueChange>> ApplyAsync(IReadOnlyList<IssueDelta> deltas)
    {
        var next = new StreamId(1_000, _cursor.Seq + 1);
        var applied = await _store.ApplyAsync(_token, "lane-00", _cursor, [new(next, new() { Issues = deltas })], default);
        applied.Refused.Should().BeEmpty();
        _cursor = next;
        return applied.Changed;
    }

    private Task UploadAsync(string release, string file) => PutAsync(release, file, _time.GetUtcNow().AddSeconds(-5));

    private Task PutAsync(string release, string file, DateTimeOffset at) =>
        _artifacts.PutAsync([new(1, release, $"~/static/{file}.map", ArtifactKind.Map, ShopBuild.Map(file))], at, default);

    private async Task<IReadOnlyList<IssueRow>> IssuesAsync() => (await _store.ListIssuesAsync(Query, default)).Rows;

    private async Task<IssueRow> OnlyIssueAsync() => (await IssuesAsync()).Should().ContainSingle().Subject;

    /// <summary>A clock that a test moves; timers fire at once, and are told of.</summary>
    private sealed class SettableTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(Some.Time);

        public Action? Delayed { get; set; }

        public int Delays { get; private set; }

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Delays++;
            Delayed?.Invoke();
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}

using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Copying;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Shared.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What is copied from SQLite to MongoDB and from there to another file is, in every question that readers ask, what it was.</summary>
[TestFixture]
internal sealed class CopyTests
{
    private static readonly StorePart[] All = Enum.GetValues<StorePart>();

    private MongoTestDatabase _database = null!;
    private TempFolder _first = null!;
    private TempFolder _second = null!;

    private StorePlace First => StorePlace.Parse($"sqlite:{_first.Path}");

    private StorePlace Mongo => StorePlace.Parse(_database.Uri);

    private StorePlace Second => StorePlace.Parse($"sqlite:{_second.Path}");

    [OneTimeSetUp]
    public async Task MakeDatabase() => _database = await MongoTestDatabase.CreateAsync();

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SetUp]
    public void MakeFolders() => (_first, _second) = (new(), new());

    [TearDown]
    public async Task Remove()
    {
        _first.Dispose();
        _second.Dispose();
        await _database.EmptyAsync();
    }

    [Test]
    public async Task ThereAndBack_OfEverything_AnswersEveryReaderAsBefore()
    {
        await using var original = OpenSqlite(_first);
        await SomeHistory.WriteAsync(original, seed: 1);
        await CopiedConfig.WriteAsync(_first);
        await CopiedArtifacts.WriteAsync(_first);

        var there = await First.CopyAsync(Mongo, All, new Silence(), default);
        var back = await Mongo.CopyAsync(Second, All, new Silence(), default);

        back.Should().Equal(there).And.HaveCount(3);
        await using var mongo = new MongoErrorStore(new() { Uri = _database.Uri });
        await using var returned = OpenSqlite(_second);
        (await Answers.DifferencesAsync(mongo, original)).Should().BeEmpty();
        (await Answers.DifferencesAsync(returned, original)).Should().BeEmpty();
        await CopiedConfig.CompareAsync(_first, _database.Uri, _second);
        await CopiedArtifacts.CompareAsync(_first, _database.Uri, _second);
    }

    [Test]
    public void ThereAndBack_OfAnyHistory_AnswersEveryReaderAsBefore()
    {
        var property = Prop.ForAll(Gen.Choose(2, 1 << 20).ToArbitrary(), seed =>
        {
            BackAndForthAsync(seed).GetAwaiter().GetResult();
            return true;
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3).WithReplay(20261122, 5), property);
    }

    [Test]
    public async Task Copy_GoingOn_IsTheSameStore()
    {
        await using (var original = OpenSqlite(_first))
            await SomeHistory.WriteAsync(original, seed: 1);
        await First.CopyAsync(Mongo, All, new Silence(), default);
        await using var original2 = OpenSqlite(_first);
        await using var mongo = new MongoErrorStore(new() { Uri = _database.Uri });

        await SomeHistory.ContinueAsync(original2);
        await SomeHistory.ContinueAsync(mongo);

        (await Answers.DifferencesAsync(mongo, original2)).Should().BeEmpty();
    }

    [Test]
    public async Task Copy_StoppedAgainAndAgain_GoesOnAndEndsRight()
    {
        await using var original = OpenSqlite(_first);
        await SomeHistory.WriteAsync(original, seed: 1);
        await CopiedConfig.WriteAsync(_first);
        var stops = 0;
        for (var done = false; !done;)
        {
            using var stop = new CancellationTokenSource();
            try
            {
                await First.CopyAsync(Mongo, All, new Do(7 + stops, stop.Cancel), stop.Token);
                done = true;
            }
            catch (OperationCanceledException)
            {
                (++stops).Should().BeLessThan(100);
            }
        }

        stops.Should().BeGreaterThan(3);
        await using var mongo = new MongoErrorStore(new() { Uri = _database.Uri });
        (await Answers.DifferencesAsync(mongo, original)).Should().BeEmpty();
        var again = () => First.CopyAsync(Mongo, All, new Silence(), default);
        (await again.Should().ThrowAsync<CopyRefusedException>()).WithMessage("*has errors already*");
    }

    [Test]
    public async Task Copy_OfWhatChangedWhileItWasStopped_BeginsAnew()
    {
        await using var original = OpenSqlite(_first);
        await SomeHistory.WriteAsync(original, seed: 1);
        using (var stop = new CancellationTokenSource())
            await FluentActions.Awaiting(() => First.CopyAsync(Mongo, All, new Do(8, stop.Cancel), stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        await SomeHistory.ContinueAsync(original);

        await First.CopyAsync(Mongo, All, new Silence(), default);

        await using var mongo = new MongoErrorStore(new() { Uri = _database.Uri });
        (await Answers.DifferencesAsync(mongo, original)).Should().BeEmpty();
    }

    [Test]
    public async Task Copy_WhileAWriterTakesTheLead_IsRefused([Values] bool ofTheTarget)
    {
        await using var original = OpenSqlite(_first);
        await SomeHistory.WriteAsync(original, seed: 1);
        await using var mongo = new MongoErrorStore(new() { Uri = _database.Uri });
        IErrorStore led = ofTheTarget ? mongo : original;

        var copy = () => First.CopyAsync(Mongo, All, new Do(5, () => led.TakeLeadershipAsync("a writer", default).GetAwaiter().GetResult()), default);

        (await copy.Should().ThrowAsync<CopyRefusedException>()).WithMessage("*is being written to*");
    }

    [Test]
    public async Task Writer_ThatLedBeforeTheCopy_IsFencedOff()
    {
        await using var original = OpenSqlite(_first);
        await SomeHistory.WriteAsync(original, seed: 1);
        var token = await original.TakeLeadershipAsync("a writer", default);
        await First.CopyAsync(Mongo, All, new Silence(), default);

        var write = async () => await original.ApplyAsync(token, "lane-09", StreamId.Zero, [Some.Entry(1, Some.Delta("x"))], default);

        await write.Should().ThrowAsync<FencedException>();
    }

    [Test]
    public async Task Copy_OfAnEntryThatWasNotEnded_IsRefused()
    {
        await using (var mongo = new MongoErrorStore(new() { Uri = _database.Uri }))
        {
            await mongo.MigrateAsync(default);
            var token = await mongo.TakeLeadershipAsync("x", default);
            using (_database.CutAt("outcomes"))
                await FluentActions.Awaiting(() => mongo.ApplyAsync(token, "lane-00", StreamId.Zero, [Some.Entry(1, Some.Delta("a"))], default)).Should().ThrowAsync<Exception>();
        }

        await FluentActions.Awaiting(() => Mongo.CopyAsync(Second, All, new Silence(), default)).Should().ThrowAsync<CopyRefusedException>().WithMessage("*begun and not ended*");
    }

    /// <summary>What the copy does not know of would be lost.</summary>
    [TestCase(StorePart.Errors, "leadership", "search", "search_config", "search_data", "search_docsize", "search_idx", "search_content")]
    [TestCase(StorePart.Config, "revision", "project_origins")]
    [TestCase(StorePart.Artifacts)]
    public async Task Copy_KnowsEveryTableAndColumn(StorePart part, params string[] others)
    {
        var path = System.IO.Path.Combine(_first.Path, "x.db");
        await using (var end = new SqliteStoreEnd(part, path, isTarget: false))
            await end.PrepareAsync(default);
        using var session = new SqliteSession(new SqliteFile(path, TimeSpan.FromSeconds(5)).OpenForWriting());
        var found = session.Query(
            """
            SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
            """,
            row => (Table: row.GetString(0), Column: row.GetString(1))).Where(one => !others.Contains(one.Table)).ToList();
        var known = StoreParts.TablesOf(part).SelectMany(table => table.Columns.Where(column => column.Expression is null).Select(column => (table.Name, column.Sql)));

        // The number of a sample names it nowhere else.
        found.Except([("samples", "id")]).Should().BeEquivalentTo(known);
    }

    [Test]
    public async Task Copy_KnowsEveryCollection()
    {
        await using (var store = new MongoErrorStore(new() { Uri = _database.Uri }))
        {
            await store.MigrateAsync(default);
            await SomeHistory.WriteAsync(store, seed: 1);
        }

        var known = Enum.GetValues<StorePart>().SelectMany(StoreParts.TablesOf).Select(table => table.Collection)
            .Concat(["counters", "copying", "blobChunks", "artifactUploads"]);
        (await _database.ListCollectionsAsync()).Should().BeSubsetOf(known);
    }

    private async Task BackAndForthAsync(int seed)
    {
        await _database.EmptyAsync();
        using var one = new TempFolder();
        using var other = new TempFolder();
        await using var original = OpenSqlite(one);
        await SomeHistory.WriteAsync(original, seed);
        await StorePlace.Parse($"sqlite:{one.Path}").CopyAsync(Mongo, [StorePart.Errors], new Silence(), default);
        await Mongo.CopyAsync(StorePlace.Parse($"sqlite:{other.Path}"), [StorePart.Errors], new Silence(), default);
        await using var returned = OpenSqlite(other);
        (await Answers.DifferencesAsync(returned, original)).Should().BeEmpty();
    }

    private static SqliteErrorStore OpenSqlite(TempFolder folder) => new(new() { Path = System.IO.Path.Combine(folder.Path, "errors.db") });

    private sealed class Silence : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value)
        {
        }
    }

    private sealed class Do(int report, Action action) : IProgress<CopyProgress>
    {
        private int _reports;

        public void Report(CopyProgress value)
        {
            if (++_reports == report)
                action();
        }
    }
}

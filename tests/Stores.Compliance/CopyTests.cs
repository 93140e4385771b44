using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
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
        await SomeConfigAsync(_first);
        await SomeArtifactsAsync(_first);

        var there = await First.CopyAsync(Mongo, All, new Silence(), default);
        var back = await Mongo.CopyAsync(Second, All, new Silence(), default);

        back.Should().Equal(there).And.HaveCount(3);
        await using var mongo = new MongoErrorStore(new() { Uri = _database.Uri });
        await using var returned = OpenSqlite(_second);
        (await Answers.DifferencesAsync(mongo, original)).Should().BeEmpty();
        (await Answers.DifferencesAsync(returned, original)).Should().BeEmpty();
        await CompareConfigAsync();
        await CompareArtifactsAsync();
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
        await SomeConfigAsync(_first);
        var stops = 0;
        for (var done = false; !done;)
        {
            using var stop = new CancellationTokenSource();
            try
            {
                await First.CopyAsync(Mongo, All, new StopAt(stop, 7 + stops), stop.Token);
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
            await FluentActions.Awaiting(() => First.CopyAsync(Mongo, All, new StopAt(stop, 8), stop.Token)).Should().ThrowAsync<OperationCanceledException>();
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

    private static async Task SomeConfigAsync(TempFolder folder)
    {
        await using var config = new SqliteConfigStore(System.IO.Path.Combine(folder.Path, "config.db"));
        await config.MigrateAsync(default);
        var project = await config.CreateProjectAsync("Shop <b>", Some.Now, default);
        await config.UpdateProjectAsync(project.Id, "Shop <b>", ["https://shop.test", "https://*.shop.test"], 500, default);
        await config.SetPolicyAsync(project.Id, new(), default);
        await config.AddKeyAsync(project.Id, Some.Now, default);
        await config.RevokeKeyAsync(project.Id, project.Keys[0].Key, Some.Now, default);
        await config.CreateProjectAsync("Other", Some.Now, default);
        await config.CreateUserAsync("Ann@example.com", "hash", Some.Now, default);
        await config.AddToOutboxAsync(Some.Command(CommandKind.Resolve, 1, at: 5), default);
        await config.SetLinksAsync(project.Id, new() { GitHub = "https://git.example/shop" }, default);
        await config.SetReleaseCommitsAsync(project.Id, "1.0", [new("abc", "Ann", "Round", 5, ["a.ts"])], Some.Now, default);
        await config.AddUploadTokenAsync(new("id", project.Id, "CI", [1, 2, 3], 5, null), default);
        await config.AddApiTokenAsync(new("id1", 1, "nightly", [1, 2, 3], "read", 5, null, null), default);
        await config.AddApiTokenAsync(new("id2", 1, "report", [4, 5, 6], "admin", 6, 7, null), default);
        await config.NoteApiTokenUseAsync("id2", Some.Now, default);
        await config.AddErasureAsync(new("e1", project.Id, "hash", "user id", 5, null, 0, 0, null), default);
        await config.AddErasureAsync(new("e2", project.Id, "hash2", "user id", 6, "ann", 1, 2, 7), default);
    }

    private async Task CompareConfigAsync()
    {
        await using var one = new SqliteConfigStore(System.IO.Path.Combine(_first.Path, "config.db"));
        await using var mongo = new MongoConfigStore(_database.Uri, TimeProvider.System);
        await using var other = new SqliteConfigStore(System.IO.Path.Combine(_second.Path, "config.db"));
        foreach (var copy in (IConfigStore[])[mongo, other])
        {
            (await copy.ListProjectsAsync(default)).Should().BeEquivalentTo(await one.ListProjectsAsync(default));
            var (snapshot, before) = (await copy.GetSnapshotAsync(default), await one.GetSnapshotAsync(default));
            snapshot.Projects.Should().BeEquivalentTo(before.Projects);
            snapshot.Revision.Should().BeGreaterThan(before.Revision, "collectors take what is newer");
            (await copy.FindUserAsync("ann@EXAMPLE.com", default)).Should().BeEquivalentTo(await one.FindUserAsync("ann@example.com", default)).And.NotBeNull();
            (await copy.ListOutboxAsync(default)).Should().BeEquivalentTo(await one.ListOutboxAsync(default));
            (await copy.ListUploadTokensAsync(1, default)).Should().BeEquivalentTo(await one.ListUploadTokensAsync(1, default));
            (await copy.ListApiTokensAsync(1, default)).Should().BeEquivalentTo(await one.ListApiTokensAsync(1, default)).And.HaveCount(2);
            (await copy.ListErasuresAsync(null, 9, default)).Should().BeEquivalentTo(await one.ListErasuresAsync(null, 9, default)).And.HaveCount(2);
            (await copy.ListUsersAsync(default)).Should().BeEquivalentTo(await one.ListUsersAsync(default));
            (await copy.ListReleaseCommitsAsync(1, "1.0", default)).Should().BeEquivalentTo(await one.ListReleaseCommitsAsync(1, "1.0", default)).And.NotBeEmpty();
            (await copy.CreateProjectAsync("Next", Some.Now, default)).Id.Should().Be(3);
        }
    }

    private static async Task SomeArtifactsAsync(TempFolder folder)
    {
        await using var artifacts = new SqliteArtifactStore(System.IO.Path.Combine(folder.Path, "artifacts.db"));
        await artifacts.MigrateAsync(default);
        var noise = new byte[1_200_000];
        new Random(1).NextBytes(noise);
        await artifacts.PutAsync(
            [
                new(1, "1.0", "~/a.js.map", ArtifactKind.Map, noise), new(1, "2.0", "~/a.js.map", ArtifactKind.Map, noise) { Dist = "x" },
                new(2, "", "~/b.js", ArtifactKind.Minified, new byte[] { 1 }) { DebugId = Guid.Parse("85314830-023f-4cf1-a267-535f4e37bb17"), MapUrl = "b.map", Problem = "none" },
            ],
            Some.Now, default);
        await artifacts.DeleteAsync(1, (await artifacts.PutAsync([new(1, "3.0", "~/gone.js", ArtifactKind.Minified, new byte[] { 3 })], Some.Now, default)).Single().Id, default);
    }

    private async Task CompareArtifactsAsync()
    {
        await using var one = new SqliteArtifactStore(System.IO.Path.Combine(_first.Path, "artifacts.db"));
        await using var mongo = new MongoArtifactStore(_database.Uri, TimeProvider.System);
        await using var other = new SqliteArtifactStore(System.IO.Path.Combine(_second.Path, "artifacts.db"));
        foreach (var copy in (IArtifactStore[])[mongo, other])
        {
            foreach (var project in (int[])[1, 2])
            {
                var files = await one.ListAsync(project, 100, default);
                (await copy.ListAsync(project, 100, default)).Should().Equal(files).And.NotBeEmpty();
                foreach (var file in files)
                    (await copy.ReadAsync(file.Hash, default)).Should().Equal(await one.ReadAsync(file.Hash, default));
            }

            (await copy.GetUsageAsync(default)).Should().Be(await one.GetUsageAsync(default));
            (await copy.PutAsync([new(1, "4.0", "~/new.js", ArtifactKind.Minified, new byte[] { 4 })], Some.Now, default)).Single().Id.Should().Be(5, "no number is used again");
        }
    }

    private class Silence : IProgress<CopyProgress>
    {
        public virtual void Report(CopyProgress value)
        {
        }
    }

    private sealed class Do(int report, Action action) : Silence
    {
        private int _reports;

        public override void Report(CopyProgress value)
        {
            if (++_reports == report)
                action();
        }
    }

    private sealed class StopAt(CancellationTokenSource stop, int report) : Silence
    {
        private int _reports;

        public override void Report(CopyProgress value)
        {
            if (++_reports == report)
                stop.Cancel();
        }
    }
}

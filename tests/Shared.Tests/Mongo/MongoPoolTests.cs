using System.Diagnostics;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Tests.Mongo;

public class MongoPoolTests : OnMongo
{
    [Test]
    public async Task Command_ThatReads_GivesItsReply() =>
        (await Read(w => w.Int32("ping"u8, 1))).View["ok"u8].Int64().Should().Be(1);

    [Test]
    public async Task Command_ThatIsNone_ThrowsTheServersCodeAndMessage()
    {
        var ask = () => Read(w => w.Int32("noSuchThing"u8, 1));
        var failure = (await ask.Should().ThrowAsync<MongoException>()).Which;
        failure.Code.Should().Be(59);
        failure.Message.Should().Contain("noSuchThing");
        failure.FromServer.Should().BeTrue();
        failure.IsTransient.Should().BeFalse();
    }

    [Test]
    public async Task Insert_OfAnIdThatIsThere_IsADuplicateKey()
    {
        Task<BsonDocument> Insert() => Write(w =>
        {
            w.String("insert"u8, "twice"u8);
            using (w.Array("documents"u8))
            using (w.Document(default))
                w.Int32("_id"u8, 1);
        });
        await Insert();
        (await FluentActions.Awaiting(Insert).Should().ThrowAsync<MongoException>()).Which.Code.Should().Be(MongoException.DuplicateKey);
    }

    [Test]
    public async Task Bulk_WhereOneWriteFails_TellsWhichAndDoesTheOthers()
    {
        var result = await Pool.RunAsync(
            session =>
            {
                using var bulk = session.Bulk("bulk");
                using var filter = new BsonWriter();
                using var update = new BsonWriter();
                foreach (var id in (int[])[1, 2, 1, 3])
                {
                    filter.Reset();
                    filter.Int32("_id"u8, id);
                    bulk.Insert(filter);
                }

                filter.Reset();
                filter.Int32("_id"u8, 4);
                using (update.Document("$inc"u8))
                    update.Int64("n"u8, 5);
                bulk.Update(filter, update, upsert: true);
                return bulk.Execute();
            },
            default);

        result.Should().BeEquivalentTo(new { Inserted = 3, Upserted = 1 });
        result.Errors.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Index = 2, Code = MongoException.DuplicateKey });
    }

    [Test]
    public async Task Update_GuardedByAMarker_CountsOnceHoweverOftenItComes()
    {
        async Task<BulkResult> Apply(string entry) => await Pool.RunAsync(
            session =>
            {
                using var bulk = session.Bulk("guarded");
                using var filter = new BsonWriter();
                using var update = new BsonWriter();
                filter.String("_id"u8, "a"u8);
                using (filter.Document("m.lane-00"u8))
                using (filter.Document("$not"u8))
                    filter.String("$gte"u8, entry);
                using (update.Document("$inc"u8))
                    update.Int64("n"u8, 3);
                using (update.Document("$set"u8))
                    update.String("m.lane-00"u8, entry);
                bulk.Update(filter, update, upsert: true);
                return bulk.Execute();
            },
            default);

        (await Apply("05")).Upserted.Should().Be(1);
        (await Apply("05")).Errors.Single().Code.Should().Be(MongoException.DuplicateKey);
        (await Apply("06")).Matched.Should().Be(1);
        (await Apply("04")).Errors.Single().Code.Should().Be(MongoException.DuplicateKey);
        (await Sum("guarded")).Should().Be(6);
    }

    [Test]
    public async Task Cursor_OverManyBatches_GivesEveryDocument()
    {
        const int Many = 5000;
        var padding = new string('x', 500);
        await Pool.RunAsync(
            session =>
            {
                using var bulk = session.Bulk("many");
                using var document = new BsonWriter();
                for (var i = 0; i < Many; i++)
                {
                    document.Reset();
                    document.Int32("_id"u8, i);
                    document.String("padding"u8, padding);
                    bulk.Insert(document);
                }

                return bulk.Execute();
            },
            default);

        var seen = await Pool.RunAsync(
            session =>
            {
                using var all = new BsonWriter();
                using var options = new BsonWriter();
                options.Int32("batchSize"u8, 100);
                using var cursor = session.Find("many", all, options);
                HashSet<int> ids = [];
                while (cursor.Next(out var document))
                    ids.Add(document["_id"u8].Int32());
                return ids.Count;
            },
            default);
        seen.Should().Be(Many);
    }

    [Test]
    public async Task Cursor_OfAQueryThatIsWrong_ThrowsWhatTheServerSays()
    {
        var ask = () => Pool.RunAsync(
            session =>
            {
                using var filter = new BsonWriter();
                filter.Int32("$bad"u8, 1);
                using var cursor = session.Find("many", filter);
                return cursor.Next(out _);
            },
            default);
        (await ask.Should().ThrowAsync<MongoException>()).Which.Message.Should().Contain("$bad");
    }

    [Test]
    public async Task Text_OfAnyKind_ComesBackFromTheServer()
    {
        string[] texts = ["", "$ne", "a.b", "__proto__", "\u0001\u007f", "\uD83D\uDE00", new('é', 500_000)];
        await Write(w =>
        {
            w.String("insert"u8, "texts"u8);
            using (w.Array("documents"u8))
            using (w.Document(default))
            {
                w.Int32("_id"u8, 1);
                using (w.Array("texts"u8))
                {
                    foreach (var text in texts)
                        w.String(default, text);
                }
            }
        });
        var found = await Pool.RunAsync(
            session =>
            {
                using var all = new BsonWriter();
                using var cursor = session.Find("texts", all);
                List<string> read = [];
                cursor.Next(out var document);
                foreach (var text in document["texts"u8].Document())
                    read.Add(text.String());
                return read;
            },
            default);
        found.Should().Equal(texts);
    }

    [Test]
    public async Task Server_ThatIsNotThere_IsUnavailableWithinItsTimeLimit()
    {
        await using var nobody = new MongoPool($"mongodb://127.0.0.1:{FreePort.Take()}/x?serverSelectionTimeoutMS=300", 1);
        var clock = Stopwatch.StartNew();
        var ask = () => nobody.RunAsync(
            session =>
            {
                using var ping = new BsonWriter();
                ping.Int32("ping"u8, 1);
                return session.Read(ping);
            },
            default);
        (await ask.Should().ThrowAsync<StoreUnavailableException>()).Which.Message.Should().Contain("database x");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [TestCase("not an address")]
    [TestCase("mongodb://127.0.0.1:1")]
    [TestCase("mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=soon&w=-7")]
    public void Address_ThatCannotWork_IsRefusedAtOnce(string uri)
    {
        var open = () => new MongoPool(uri, 1);
        open.Should().Throw<ArgumentException>().WithMessage("the address of MongoDB*");
    }

    [Test]
    public void Library_ThatIsMissing_IsNamedWithItsPackages()
    {
        var load = () => MongoLibrary.Load(["libdoes-not-exist.so.0"]);
        load.Should().Throw<DllNotFoundException>().WithMessage("*libmongoc-1.0-0*Debian*libmongoc2-2*mongo-c-driver*Alpine*macOS*");
    }

    [Test]
    public async Task Calls_ThatBlock_HoldNoOtherThread()
    {
        await using var threads = new BlockingThreads(2);
        using var release = new ManualResetEventSlim();
        var running = 0;
        var held = Enumerable.Range(0, 6).Select(_ => threads.RunAsync(
            () =>
            {
                var now = Interlocked.Increment(ref running);
                release.Wait();
                Interlocked.Decrement(ref running);
                return now;
            },
            default)).ToList();
        await Deadline.Until(() => Volatile.Read(ref running) == 2, TimeSpan.FromSeconds(20));
        using var impatient = new CancellationTokenSource();
        var waiting = threads.RunAsync(() => 0, impatient.Token);
        await impatient.CancelAsync();
        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
        release.Set();
        (await Task.WhenAll(held)).Should().OnlyContain(most => most <= 2);
    }

    [TestCase(8_000, 24)]
    [TestCase(1_000_000, 24, Category = "Long"), CancelAfter(3_000_000)]
    public async Task Memory_OverManyReadsAndWrites_StaysFlat(int rounds, int mostMb)
    {
        await Work(rounds / 4);
        var before = Resident();
        await Work(rounds);
        (Resident() - before).Should().BeLessThan(mostMb);

        Task Work(int count) => Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Pool.RunAsync(
            session =>
            {
                using var filter = new BsonWriter();
                using var update = new BsonWriter();
                for (var i = 0; i < count / 8; i++)
                {
                    filter.Reset();
                    filter.Int32("_id"u8, worker);
                    update.Reset();
                    using (update.Document("$inc"u8))
                        update.Int64("n"u8, 1);
                    using (var bulk = session.Bulk("flat"))
                    {
                        bulk.Update(filter, update, upsert: true);
                        bulk.Execute();
                    }

                    using var cursor = session.Find("flat", filter);
                    cursor.Next(out _);
                }

                return true;
            },
            default)));
    }

    private async Task<long> Sum(string collection) => await Pool.RunAsync(
        session =>
        {
            using var all = new BsonWriter();
            using var cursor = session.Find(collection, all);
            var sum = 0L;
            while (cursor.Next(out var document))
                sum += document["n"u8].Int64();
            return sum;
        },
        default);

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var self = Process.GetCurrentProcess();
        self.Refresh();
        return self.WorkingSet64 >> 20;
    }
}

using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Errors;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>A database for the tests of a class, emptied for each. They are skipped, and say why, where no server can be had.</summary>
internal sealed class MongoTestDatabase : IAsyncDisposable
{
    private readonly TcpGate? _gate;
    private readonly MongoPool _pool;

    private MongoTestDatabase(MongoServer server)
    {
        _gate = server.LoopbackPort is { } port ? new("127.0.0.1", port) : null;
        var name = $"ep_test_{Guid.NewGuid():N}";
        Uri = server.Uri(name, _gate?.Port);
        _pool = new(server.Uri(name), 1);
    }

    public string Uri { get; }

    public static async Task<MongoTestDatabase> CreateAsync()
    {
        var (server, reason) = await MongoServer.TrySharedAsync();
        if (server is null)
            Assert.Ignore(reason);
        try
        {
            return new(server!);
        }
        catch (DllNotFoundException e)
        {
            Assert.Ignore(e.Message);
            throw;
        }
    }

    /// <summary>While the returned value is not disposed, connections break at what names a collection, before the server has seen it.</summary>
    public IDisposable CutAt(string collection)
    {
        if (_gate is null)
            Assert.Ignore($"the connections of the server that {MongoServer.Variable} names cannot be cut");
        return _gate!.CutAt($"{collection}\0");
    }

    /// <summary>Beside the store, past what cuts its connections.</summary>
    public Task RunAsync(Action<ErrorCollections> work) => _pool.RunAsync(
        session =>
        {
            work(new(session));
            return true;
        },
        default);

    /// <summary>Indexes stay: making them is most of what a database costs.</summary>
    public Task EmptyAsync() => _pool.RunAsync(
        session =>
        {
            foreach (var collection in MongoServer.Collections(session))
            {
                using var everything = new BsonWriter();
                using var bulk = session.Bulk(collection);
                bulk.Delete(everything);
                bulk.Execute();
            }

            return true;
        },
        default);

    /// <summary>Messages on connections that are opened from now on.</summary>
    public IReadOnlyCollection<byte[]> Record()
    {
        if (_gate is null)
            Assert.Ignore($"what is said to the server that {MongoServer.Variable} names cannot be heard");
        return _gate!.Record();
    }

    /// <summary>The fields of each index, in order.</summary>
    public Task<List<List<string>>> ListIndexesAsync(string collection) => _pool.RunAsync(
        session =>
        {
            using var list = new BsonWriter();
            list.String("listIndexes"u8, collection);
            List<List<string>> indexes = [];
            foreach (var index in session.Read(list).View["cursor"u8].Document()["firstBatch"u8].Document())
            {
                List<string> fields = [];
                foreach (var field in index.Document()["key"u8].Document())
                    fields.Add(field.KeyText);
                indexes.Add(fields);
            }

            return indexes;
        },
        default);

    /// <summary>After how many seconds documents expire by the server's own clock.</summary>
    public Task<List<long>> ListExpiriesAsync(string collection) => _pool.RunAsync(
        session =>
        {
            using var list = new BsonWriter();
            list.String("listIndexes"u8, collection);
            List<long> expiries = [];
            foreach (var index in session.Read(list).View["cursor"u8].Document()["firstBatch"u8].Document())
            {
                if (index.Document().TryFind("expireAfterSeconds"u8, out var seconds))
                    expiries.Add(seconds.Int64());
            }

            return expiries;
        },
        default);

    public Task<List<string>> ListCollectionsAsync() => _pool.RunAsync(MongoServer.Collections, default);

    public Task<long> CountAsync(string collection) => RunAsync(session => new MongoCollection(session, collection).Count(_ => { }));

    public Task<T> RunAsync<T>(Func<MongoSession, T> work) => _pool.RunAsync(work, default);

    public async ValueTask DisposeAsync()
    {
        await _pool.RunAsync(
            session =>
            {
                using var drop = new BsonWriter();
                drop.Int32("dropDatabase"u8, 1);
                return session.Write(drop);
            },
            default);
        await _pool.DisposeAsync();
        if (_gate is not null)
            await _gate.DisposeAsync();
    }
}

[SetUpFixture]
internal sealed class SharedMongo
{
    [OneTimeTearDown]
    public Task Stop() => MongoServer.StopSharedAsync();
}

using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>A database for one test, dropped with it. The test is skipped, and says why, where no server can be had.</summary>
internal sealed class MongoTestDatabase : IAsyncDisposable
{
    private MongoTestDatabase(string uri) => Uri = uri;

    public string Uri { get; }

    public static async Task<MongoTestDatabase> CreateAsync()
    {
        var (server, reason) = await MongoServer.TrySharedAsync();
        if (server is null)
            Assert.Ignore(reason);
        return new(server!.Uri($"ep_test_{Guid.NewGuid():N}"));
    }

    public async ValueTask DisposeAsync()
    {
        await using var pool = new MongoPool(Uri, 1);
        await pool.RunAsync(
            session =>
            {
                using var drop = new BsonWriter();
                drop.Int32("dropDatabase"u8, 1);
                return session.Write(drop);
            },
            default);
    }
}

[SetUpFixture]
internal sealed class SharedMongo
{
    [OneTimeTearDown]
    public Task Stop() => MongoServer.StopSharedAsync();
}

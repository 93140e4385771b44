using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Tests.Mongo;

/// <summary>A database of its own for a fixture. Skipped, and said why, where there is neither a server nor a way to bring one up.</summary>
public abstract class OnMongo
{
    private protected MongoServer Server { get; private set; } = null!;

    private protected MongoPool Pool { get; private set; } = null!;

    private protected string Uri { get; private set; } = "";

    [OneTimeSetUp]
    public async Task Connect()
    {
        var (server, reason) = await MongoServer.TrySharedAsync();
        if (server is null)
            Assert.Ignore(reason);
        Server = server!;
        Uri = Server.Uri($"ep_test_{Guid.NewGuid():N}");
        try
        {
            Pool = new(Uri, 4);
        }
        catch (DllNotFoundException e)
        {
            Assert.Ignore(e.Message);
        }
    }

    [OneTimeTearDown]
    public async Task Drop()
    {
        if (Pool is null)
            return;
        await Write(w => w.Int32("dropDatabase"u8, 1));
        await Pool.DisposeAsync();
    }

    private protected Task<BsonDocument> Write(Action<BsonWriter> command) => Pool.RunAsync(
        session =>
        {
            using var writer = new BsonWriter();
            command(writer);
            return session.Write(writer);
        },
        default);

    private protected Task<BsonDocument> Read(Action<BsonWriter> command) => Pool.RunAsync(
        session =>
        {
            using var writer = new BsonWriter();
            command(writer);
            return session.Read(writer);
        },
        default);
}

[SetUpFixture]
public class SharedMongo
{
    [OneTimeTearDown]
    public Task Stop() => MongoServer.StopSharedAsync();
}

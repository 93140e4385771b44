using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd;

[SetUpFixture]
internal sealed class SharedMongo
{
    /// <summary>Skips the test where it needs a MongoDB and none can be had.</summary>
    public static async Task NeedAsync(StoreKind store)
    {
        if (store == StoreKind.Mongo && await MongoServer.TrySharedAsync() is (null, var reason))
            Assert.Ignore(reason);
    }

    [OneTimeTearDown]
    public Task Stop() => MongoServer.StopSharedAsync();
}

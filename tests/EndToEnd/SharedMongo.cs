using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd;

[SetUpFixture]
internal sealed class SharedMongo
{
    [OneTimeTearDown]
    public Task Stop() => MongoServer.StopSharedAsync();
}

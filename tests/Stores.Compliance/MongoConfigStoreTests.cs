using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;

namespace ErrorPipeline.Stores.Compliance;

[TestFixture]
internal sealed class MongoConfigStoreTests : ConfigStoreCompliance
{
    private MongoTestDatabase _database = null!;

    protected override IConfigStore Connect() => new MongoConfigStore(_database.Uri, TimeProvider.System);

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
}

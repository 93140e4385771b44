using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;

namespace ErrorPipeline.Stores.Compliance;

[TestFixture]
internal sealed class MongoConfigStoreTests : ConfigStoreCompliance
{
    private MongoTestDatabase _database = null!;

    protected override IConfigStore Connect() => new MongoConfigStore(_database.Uri, TimeProvider.System);

    protected override async Task CreateAsync() => _database = await MongoTestDatabase.CreateAsync();

    protected override async Task RemoveAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }
}

using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

[TestFixture]
internal sealed class SqliteArtifactStoreTests : ArtifactStoreCompliance
{
    private SqliteTestFile _file = null!;

    protected override IArtifactStore Connect() => new SqliteArtifactStore(_file.Path, mostArtifacts: 10, mostBytes: 100_000);

    protected override IArtifactReader ConnectReader() => new SqliteArtifactReader(_file.Path);

    protected override Task CreateAsync()
    {
        _file = new();
        return Task.CompletedTask;
    }

    protected override Task RemoveAsync()
    {
        _file.Dispose();
        return Task.CompletedTask;
    }
}

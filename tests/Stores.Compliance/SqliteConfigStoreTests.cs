using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

[TestFixture]
internal sealed class SqliteConfigStoreTests : ConfigStoreCompliance
{
    private SqliteTestFile _file = null!;

    protected override IConfigStore Connect() => new SqliteConfigStore(_file.Path);

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

    [Test, Platform("Unix")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void File_IsReadableByItsOwnerOnly()
        => File.GetUnixFileMode(_file.Path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
}

using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Tests of a file of their own with the tables of the error store, over one connection.</summary>
internal abstract class WithSqliteSession
{
    protected SqliteTestFile File { get; private set; } = null!;

    protected SqliteSession Session { get; private set; } = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        File = await SqliteTestFile.MigratedAsync();
        Session = File.Session();
    }

    [TearDown]
    public void Close()
    {
        Session.Dispose();
        File.Dispose();
    }
}

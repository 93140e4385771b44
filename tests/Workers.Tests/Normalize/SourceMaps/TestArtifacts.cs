using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Workers.Tests.Normalize.SourceMaps;

/// <summary>A store of artifacts as web writes it, and beside it the reader that workers have.</summary>
internal sealed class TestArtifacts : IAsyncDisposable
{
    private TestArtifacts()
    {
        Store = new(Folder["artifacts.db"]);
        Reader = new(Folder["artifacts.db"]);
    }

    public TempFolder Folder { get; } = new();

    public SqliteArtifactStore Store { get; }

    public SqliteArtifactReader Reader { get; }

    public static async Task<TestArtifacts> MigratedAsync()
    {
        var made = new TestArtifacts();
        await made.Store.MigrateAsync(default);
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await Store.DisposeAsync();
        Folder.Dispose();
    }
}

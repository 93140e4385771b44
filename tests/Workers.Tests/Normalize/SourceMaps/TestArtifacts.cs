using System.Text.Json;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Workers.Normalize;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.SourceMaps;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers.Tests.Normalize.SourceMaps;

/// <summary>A store of artifacts as web writes it, and beside it the reader and the stage that workers have.</summary>
internal sealed class TestArtifacts : IAsyncDisposable
{
    private readonly NormalizeStage _stage = new();

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

    /// <summary>What the stage makes of one event of project 1, with the maps that it finds here.</summary>
    public async Task<NormalizedError> NormalizeAsync(string protocol, object body)
    {
        var unique = new UniqueError
        {
            ProjectId = 1,
            Protocol = protocol,
            Body = JsonSerializer.SerializeToUtf8Bytes(body),
            Occurrences = [new() { EventId = Some.EventId(1), ReceivedAt = Some.Time }],
        };
        var maps = await new MapLoader(Reader, _stage.Files, new PumpOptions(), TimeProvider.System).LoadAsync([unique], PolicySet.Usual, default);
        return _stage.Normalize(unique, new(maps, PolicySet.Usual)).Single();
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await Store.DisposeAsync();
        Folder.Dispose();
    }
}

using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>A file of its own for every test, gone after it.</summary>
internal sealed class SqliteTestFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("errorpipeline-store-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "errors.db");

    public SqliteErrorStore Open(Func<SqliteErrorStoreOptions, SqliteErrorStoreOptions>? change = null)
    {
        var options = new SqliteErrorStoreOptions { Path = Path, BusyTimeout = TimeSpan.FromMilliseconds(200) };
        return new(change is null ? options : change(options));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

[TestFixture]
internal sealed class SqliteErrorStoreApplyTests : ErrorStoreApplyCompliance
{
    private SqliteTestFile _file = null!;

    protected override IErrorStore Connect() => _file.Open();

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

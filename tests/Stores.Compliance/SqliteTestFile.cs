using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>A file of its own for every test, gone after it.</summary>
internal sealed class SqliteTestFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("errorpipeline-store-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "store.db");

    /// <summary>With the tables of the error store.</summary>
    public static async Task<SqliteTestFile> MigratedAsync()
    {
        var file = new SqliteTestFile();
        await using var store = file.Open();
        await store.MigrateAsync(default);
        return file;
    }

    public SqliteErrorStore Open(Func<SqliteErrorStoreOptions, SqliteErrorStoreOptions>? change = null)
    {
        var options = new SqliteErrorStoreOptions { Path = Path, BusyTimeout = TimeSpan.FromMilliseconds(200) };
        return new(change is null ? options : change(options));
    }

    /// <summary>A connection beside those of the stores.</summary>
    public SqliteSession Session() => new(new SqliteFile(Path, TimeSpan.FromSeconds(5)).OpenForWriting());

    public void Execute(string sql)
    {
        using var session = Session();
        session.Execute(sql);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Sqlite;

namespace ErrorPipeline.StoreBench;

/// <summary>Where the store is kept: files in a folder, or a database of a MongoDB.</summary>
/// <param name="Mongo">mongodb://HOST/DATABASE, which must be empty; null for SQLite.</param>
internal sealed record Place(string Folder, string? Mongo)
{
    public string Engine => Mongo is null ? "sqlite" : "mongo";

    public IErrorStore OpenErrors() => Mongo is null ? new SqliteErrorStore(new() { Path = Path.Combine(Folder, "errors.db") }) : new MongoErrorStore(new() { Uri = Mongo });

    public IConfigStore OpenConfig() => Mongo is null ? new SqliteConfigStore(Path.Combine(Folder, "config.db")) : new MongoConfigStore(Mongo, TimeProvider.System);

    public Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string> { ["DataDirectory"] = Folder };
        if (Mongo is not null)
            settings["Store:Errors"] = settings["Store:Config"] = Mongo;
        return settings;
    }
}

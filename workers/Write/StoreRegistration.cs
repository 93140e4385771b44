using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Write;

internal static class StoreRegistration
{
    /// <summary>The store that <c>Store:Errors</c> names, a file or a MongoDB database; errors.db in the data folder where it names none.</summary>
    public static IServiceCollection AddErrorStore(this IServiceCollection services) =>
        services.AddSingleton<IErrorStore>(provider =>
        {
            var store = provider.GetRequiredService<IConfiguration>()["Store:Errors"];
            if (StoreAddress.IsMongo(store))
            {
                // The sweep comes first, every few minutes; the server's own expiry is for a store that nobody sweeps any more.
                var kept = provider.GetRequiredService<IOptions<RetentionOptions>>().Value.ToPolicy().MaxAge;
                return new MongoErrorStore(new() { Uri = store!, EventsExpireAfter = kept + TimeSpan.FromDays(1) });
            }

            var folder = provider.GetRequiredService<IOptions<PipelineOptions>>().Value.DataDirectory;
            var file = store is { Length: > 0 } ? store : Path.Combine(folder, "errors.db");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            return new SqliteErrorStore(new() { Path = file });
        });
}

using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Web.SourceMaps;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.Serving;

/// <summary>The stores and Redis. Web owns configuration and artifacts, and only reads the errors.</summary>
internal static class StoresSetup
{
    public static void AddStores(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IConfigStore>(s => NameOf(s, "Config", "config.db") is var store && StoreAddress.IsMongo(store)
            ? new MongoConfigStore(store, s.GetRequiredService<TimeProvider>())
            : new SqliteConfigStore(store));
        services.AddSingleton<IErrorReader>(s => NameOf(s, "Errors", "errors.db") is var store && StoreAddress.IsMongo(store)
            ? new MongoErrorReader(new() { Uri = store })
            : new SqliteErrorReader(new() { Path = store }));
        services.AddSingleton<IArtifactStore>(s =>
        {
            var limits = s.GetRequiredService<IOptions<ArtifactOptions>>().Value;
            return NameOf(s, "Artifacts", "artifacts.db") is var store && StoreAddress.IsMongo(store)
                ? new MongoArtifactStore(store, s.GetRequiredService<TimeProvider>(), limits.MaxFilesPerProject, limits.MaxBytes)
                : new SqliteArtifactStore(store, limits.MaxFilesPerProject, limits.MaxBytes);
        });
        services.AddStreams();
        services.AddPipelineWatch(builder.Configuration);
        services.AddHealthChecks().AddCheck<ConfigStoreCheck>("config-store", tags: [ErrorPipelineDefaults.ReadyTag]);
        // Without Redis web still shows all that is stored: taking it out of service would only hide the outage.
        services.PostConfigure<HealthCheckServiceOptions>(checks => checks.Registrations.Single(c => c.Name == "redis").Tags.Clear());
    }

    /// <summary>A file, or the address of a MongoDB database; a file in the data folder where none is named.</summary>
    private static string NameOf(IServiceProvider services, string store, string file) =>
        services.GetRequiredService<IConfiguration>()[$"Store:{store}"] is { Length: > 0 } given
            ? given
            : Path.Combine(services.GetRequiredService<IOptions<PipelineOptions>>().Value.DataDirectory, file);
}

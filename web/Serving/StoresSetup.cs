using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
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
        services.AddSingleton<IConfigStore>(s => new SqliteConfigStore(PathOf(s, "Config", "config.db")));
        services.AddSingleton<IErrorReader>(s => new SqliteErrorReader(new SqliteErrorStoreOptions { Path = PathOf(s, "Errors", "errors.db") }));
        services.AddSingleton<IArtifactStore>(s => new SqliteArtifactStore(
            PathOf(s, "Artifacts", "artifacts.db"), s.GetRequiredService<IOptions<ArtifactOptions>>().Value.MaxFilesPerProject, s.GetRequiredService<IOptions<ArtifactOptions>>().Value.MaxBytes));
        services.AddStreams();
        services.AddPipelineWatch(builder.Configuration);
        services.AddHealthChecks().AddCheck<ConfigStoreCheck>("config-store", tags: [ErrorPipelineDefaults.ReadyTag]);
        // Without Redis web still shows all that is stored: taking it out of service would only hide the outage.
        services.PostConfigure<HealthCheckServiceOptions>(checks => checks.Registrations.Single(c => c.Name == "redis").Tags.Clear());
    }

    private static string PathOf(IServiceProvider services, string store, string file) =>
        services.GetRequiredService<IConfiguration>()[$"Store:{store}"] is { Length: > 0 } given
            ? given
            : Path.Combine(services.GetRequiredService<IOptions<PipelineOptions>>().Value.DataDirectory, file);
}

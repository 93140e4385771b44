using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Mongo;
using ErrorPipeline.Shared.Storage.Sqlite;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Pumping;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Normalize.SourceMaps;

internal static class ArtifactRegistration
{
    /// <summary>The artifacts that <c>Store:Artifacts</c> names, a file or a MongoDB database; artifacts.db in the data folder where it names none.</summary>
    public static IServiceCollection AddSourceMaps(this IServiceCollection services, Func<UniqueError, Policy, IReadOnlyList<MappedFile>> survey)
    {
        services.TryAddSingleton<IArtifactReader>(provider =>
        {
            var store = provider.GetRequiredService<IConfiguration>()["Store:Artifacts"];
            if (StoreAddress.IsMongo(store))
                return new MongoArtifactReader(store!);
            return new SqliteArtifactReader(store is { Length: > 0 }
                ? store
                : Path.Combine(provider.GetRequiredService<IOptions<PipelineOptions>>().Value.DataDirectory, "artifacts.db"));
        });
        services.TryAddSingleton(provider => new MapLoader(
            provider.GetRequiredService<IArtifactReader>(), survey, provider.GetRequiredService<IOptions<PumpOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}

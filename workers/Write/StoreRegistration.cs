using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Write;

internal static class StoreRegistration
{
    /// <summary>The store that <c>Store:Errors</c> names; errors.db in the data folder where it names none.</summary>
    public static IServiceCollection AddErrorStore(this IServiceCollection services) =>
        services.AddSingleton<IErrorStore>(provider =>
        {
            var folder = provider.GetRequiredService<IOptions<PipelineOptions>>().Value.DataDirectory;
            var file = provider.GetRequiredService<IConfiguration>()["Store:Errors"] is { Length: > 0 } named ? named : Path.Combine(folder, "errors.db");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            return new SqliteErrorStore(new() { Path = file });
        });
}

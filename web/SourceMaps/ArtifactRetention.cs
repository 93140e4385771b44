using ErrorPipeline.Shared.Storage;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Web.SourceMaps;

/// <summary>Lets go of the files of releases that nobody uploads for or runs any more. Without the store of errors, which knows what runs, nothing goes.</summary>
internal sealed partial class ArtifactRetention(
    IConfigStore config, IErrorReader errors, IArtifactStore artifacts, IOptions<ArtifactOptions> options, TimeProvider clock, ILogger<ArtifactRetention> log) : BackgroundService
{
    private const int MostReleases = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromHours(3);

    /// <summary>Number of files that went.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var before = clock.GetUtcNow().AddDays(-options.Value.KeepDays);
        var seen = new List<(int, string)>();
        foreach (var project in await config.ListProjectsAsync(cancel))
        {
            seen.AddRange((await errors.ListReleasesAsync(project.Id, MostReleases, cancel))
                .Where(release => release.LastReceived >= before.ToUnixTimeMilliseconds()).Select(release => (project.Id, release.Version)));
        }

        return await artifacts.DeleteOldAsync(before, seen, cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            try
            {
                if (await RunAsync(stoppingToken) is > 0 and var gone)
                    LogGone(gone, options.Value.KeepDays);
            }
            catch (StoreUnavailableException e)
            {
                LogNotNow(e.Message);
            }
        }
    }

    [LoggerMessage(3221, LogLevel.Information, "{Files} artifacts of releases that were not seen for {Days} days deleted")]
    private partial void LogGone(int files, int days);

    [LoggerMessage(3222, LogLevel.Warning, "old artifacts are not looked for now: {Reason}")]
    private partial void LogNotNow(string reason);
}

namespace ErrorPipeline.Web.Serving;

/// <summary>
/// Gives back once what the start took and nothing needs any more: a process with little to do does not collect for hours. 14 of 144 MB resident.
/// </summary>
internal sealed class StartMemory(TimeProvider clock) : BackgroundService
{
    /// <summary>When everything that runs in the background has had its first turn.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Settled, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stoppingToken.IsCancellationRequested)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}

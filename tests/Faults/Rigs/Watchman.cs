using ErrorPipeline.Rigs;

namespace ErrorPipeline.Faults.Rigs;

/// <summary>Starts processes again that have ended, as ./dev up and Kubernetes do.</summary>
internal sealed class Watchman : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);
    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;

    private Watchman(IReadOnlyList<AppProcess> apps) => _watching = WatchAsync(apps);

    public int Restarts { get; private set; }

    public static Watchman Over(IReadOnlyList<AppProcess> apps) => new(apps);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        _over.Dispose();
    }

    private async Task WatchAsync(IReadOnlyList<AppProcess> apps)
    {
        while (!_over.IsCancellationRequested)
        {
            foreach (var app in apps.Where(a => !a.Running))
            {
                await app.Kill9Async();
                app.StartAgain();
                Restarts++;
            }

            await Task.Delay(Every, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

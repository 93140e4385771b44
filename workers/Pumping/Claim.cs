using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// Renews entries while they are worked on, so that only the entries of dead workers are taken over. It is an economy:
/// what keeps effects single is the hop's gate.
/// </summary>
internal sealed class Claim : IAsyncDisposable
{
    private readonly CancellationTokenSource _done = new();
    private readonly Task _renewing;

    public Claim(StreamGroup group, IReadOnlyList<StreamId> ids, TimeSpan reclaimAfter, TimeProvider time) =>
        _renewing = RenewAsync(group, ids, reclaimAfter / 3, time);

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _renewing;
        _done.Dispose();
    }

    private async Task RenewAsync(StreamGroup group, IReadOnlyList<StreamId> ids, TimeSpan interval, TimeProvider time)
    {
        // Nearly every claim ends before its first renewal: an exception for each was 1% of what workers do.
        while (true)
        {
            await Task.Delay(interval, time, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_done.IsCancellationRequested)
                return;
            try
            {
                await group.RenewAsync(ids);
            }
            catch (RedisUnavailableException)
            {
                // The next one may come through; if not, the work may be thrown away by the hop.
            }
        }
    }
}

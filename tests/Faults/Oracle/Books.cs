using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;
using StackExchange.Redis;

namespace ErrorPipeline.Faults.Oracle;

/// <summary>The lanes' books, read straight from Redis, again and again: in = out + in flight must hold at every moment.</summary>
internal sealed class Books(Installation site, int lanes = 2) : IAsyncDisposable
{
    private readonly RedisConnection _redis = new(site.Redis.Endpoint, "tests");
    private readonly CancellationTokenSource _over = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Readings so far that added up; one that never read anything proves nothing.</summary>
    public int Balanced { get; private set; }

    /// <summary>The first reading that did not.</summary>
    public string? Unbalanced { get; private set; }

    public RedisConnection Redis => _redis;

    public async Task<IReadOnlyList<LaneReading>> ReadAsync()
    {
        var ledger = new LaneLedger(_redis);
        return await Task.WhenAll(Lane.All(lanes).Select(ledger.ReadAsync));
    }

    public void Watch() => _watching = WatchAsync();

    public async Task<string> TellAsync()
    {
        try
        {
            return string.Join("\n", (await ReadAsync()).Select(Tell));
        }
        catch (RedisUnavailableException e)
        {
            return e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        _over.Dispose();
        await _redis.DisposeAsync();
    }

    private static string Tell(LaneReading reading) =>
        $"{reading.Lane.Name}: {string.Join(", ", reading.Totals.Select(t => $"{t.Key} {t.Value}"))}; in flight " +
        string.Join(", ", reading.Streams.Select(s => $"{s.Name} {s.Events} in {s.Entries} ({s.Pending} pending)"));

    private async Task WatchAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                foreach (var reading in await ReadAsync())
                {
                    if (reading.IsBalanced)
                        Balanced++;
                    else
                        Unbalanced ??= Tell(reading);
                }
            }
            catch (Exception e) when (e is RedisUnavailableException or RedisException)
            {
                // It has just been killed, or is loading.
            }

            await Task.Delay(300, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

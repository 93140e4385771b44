using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.EndToEnd.Delivery;

/// <summary>The lanes' books, read straight from Redis.</summary>
internal sealed class Ledgers(Installation installation) : IAsyncDisposable
{
    private readonly RedisConnection _redis = new(installation.Redis.Endpoint, "tests");

    /// <summary>Readings so far that added up; a test that never read anything proves nothing.</summary>
    public int Balanced { get; private set; }

    public async Task<IReadOnlyList<LaneReading>> ReadAsync()
    {
        var ledger = new LaneLedger(_redis);
        var readings = new List<LaneReading>();
        foreach (var lane in Lane.All(2))
            readings.Add(await ledger.ReadAsync(lane));
        return readings;
    }

    /// <summary>Reads again and again until told to stop: every single reading must add up.</summary>
    public async Task WatchAsync(CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            try
            {
                foreach (var reading in await ReadAsync())
                {
                    reading.IsBalanced.Should().BeTrue($"in = out + in flight must hold at every moment, but: {Tell(reading)}");
                    Balanced++;
                }
            }
            catch (RedisUnavailableException)
            {
                // It has just been killed.
            }

            await Task.WhenAny(Task.Delay(200, until));
        }
    }

    public static string Tell(LaneReading reading) =>
        $"{reading.Lane.Name}: {string.Join(", ", reading.Totals.Select(t => $"{t.Key} {t.Value}"))}; in flight " +
        string.Join(", ", reading.Streams.Select(s => $"{s.Name} {s.Events} in {s.Entries} ({s.Pending} pending)"));

    public ValueTask DisposeAsync() => _redis.DisposeAsync();
}

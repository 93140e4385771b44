using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Write;

/// <summary>While this process leads: opens the issues that somebody ignored until a time which has come.</summary>
internal sealed class WakeSweep(WriterParts parts, ILogger<WakeSweep> log)
{
    /// <summary>One indexed question; nobody ignores an issue to the second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Ends with the leadership; failures wait for the next turn.</summary>
    public async Task RunAsync(long token, CancellationToken leading)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, parts.Time, leading);
                await WakeAsync(token, leading);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or FencedException)
        {
            // Another leader looks now, or nobody.
        }
    }

    private async Task WakeAsync(long token, CancellationToken leading)
    {
        try
        {
            var woken = await parts.Store.WakeAsync(token, parts.Time.GetUtcNow(), leading);
            await Changes.PublishAsync(parts.Redis, woken.Changed);
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisUnavailableException)
        {
            WriterLog.Waiting(log, e is StoreUnavailableException ? "the store" : "Redis", 1, e.Message);
        }
    }
}

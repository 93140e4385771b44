using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers.Normalize.Policies;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Write;

/// <summary>Keeps the store within the policy while this process leads. The store serves commits between the steps of a purge.</summary>
internal sealed class RetentionSweep(IErrorStore store, IOptions<RetentionOptions> options, PolicyFeed policies, TimeProvider time, ILogger<RetentionSweep> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>Ends with the leadership; failures wait for the next turn.</summary>
    public async Task RunAsync(long token, CancellationToken leading)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, time, leading);
                await PurgeAsync(token, leading);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or FencedException)
        {
            // Another leader sweeps now, or nobody.
        }
    }

    /// <summary>What projects decided; none while nobody could tell yet.</summary>
    private async Task<IReadOnlyList<ProjectRetention>> OwnAsync()
    {
        try
        {
            return (await policies.CurrentAsync()).Retention;
        }
        catch (RedisUnavailableException)
        {
            return [];
        }
    }

    private async Task PurgeAsync(long token, CancellationToken leading)
    {
        try
        {
            var gone = await store.PurgeAsync(token, options.Value.ToPolicy() with { Projects = await OwnAsync() }, time.GetUtcNow(), leading);
            WriterMetrics.Purged.Add(gone.Events + gone.Hours);
            if (gone.Events + gone.Hours > 0)
                WriterLog.Purged(log, gone.Events, gone.Hours, gone.Bytes);
            var receipts = await store.GetReceiptWindowAsync(leading);
            WriterMetrics.ReceiptsBytes.Record(receipts.Bytes);
            WriterMetrics.ReceiptsOldest.Record(receipts.FromMs is { } from ? (time.GetUtcNow().ToUnixTimeMilliseconds() - from) / 1000.0 : 0);
        }
        catch (StoreUnavailableException e)
        {
            WriterLog.Waiting(log, "the store", 1, e.Message);
        }
    }
}

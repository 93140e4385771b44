using ErrorPipeline.Faults.Oracle;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Faults.Suite;

/// <summary>An installation, its store as it is, and its books, which are watched all the time.</summary>
internal sealed class Site : IAsyncDisposable
{
    /// <summary>From the answer to the store where nothing is wrong: the writer gathers, dedupe and its like are woken.</summary>
    public static readonly TimeSpan NormalLag = TimeSpan.FromSeconds(2.5);

    public Site(Installation apps, Store? store)
    {
        Apps = apps;
        Store = store ?? new StoreFile(Path.Combine(apps.DataFolder, "errors.db"));
        Books = new(apps);
        Books.Watch();
    }

    public Installation Apps { get; }

    public Store Store { get; }

    public Books Books { get; }

    /// <summary>Returns when all is stored and nothing is on its way, or at the end of patience: the verdict then tells what is missing.</summary>
    public async Task SettleAsync(long accepted, TimeSpan patience)
    {
        try
        {
            await Deadline.Until(async () => Store.Events >= accepted && await IsIdleAsync(), patience);
        }
        catch (TimeoutException)
        {
            // What is missing is for the verdict to say.
        }
    }

    public async Task<bool> IsIdleAsync()
    {
        try
        {
            return await Signs.MetricAsync(Apps.Collector, "errorpipeline_collector_oldest_unforwarded_seconds") == 0
                && (await Books.ReadAsync()).All(l => l.InFlight == 0);
        }
        catch (RedisUnavailableException)
        {
            return false;
        }
    }

    public bool IsGone { get; private set; }

    public async ValueTask DisposeAsync()
    {
        if (IsGone)
            return;
        IsGone = true;
        Store.Dispose();
        await Books.DisposeAsync();
        await Apps.DisposeAsync();
    }
}

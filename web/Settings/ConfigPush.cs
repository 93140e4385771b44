using System.Threading.Channels;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Web.Settings;

/// <summary>
/// Keeps <c>ep:config</c> in Redis equal to the config store: at once after a change, and every ten seconds in case Redis
/// has lost it or was away. Collectors go on with what they have meanwhile.
/// </summary>
internal sealed partial class ConfigPush(IConfigStore store, ConfigChannel channel, TimeProvider clock, ILogger<ConfigPush> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>To be called after every change of a project or key.</summary>
    public void Changed() => _changed.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PushAsync(stoppingToken);
                failing = false;
            }
            catch (Exception e) when (e is RedisUnavailableException or StoreUnavailableException)
            {
                if (!failing)
                    LogNotPushed(e.Message);
                failing = true;
            }

            await WaitAsync(failing ? TimeSpan.FromSeconds(1) : Interval, stoppingToken);
        }
    }

    private async Task PushAsync(CancellationToken cancel)
    {
        var snapshot = await store.GetSnapshotAsync(cancel);
        if (await channel.ReadAsync() is { } known && known.Revision == snapshot.Revision)
            return;
        await channel.PublishAsync(snapshot);
        LogPushed(snapshot.Revision, snapshot.Projects.Count);
    }

    private async Task WaitAsync(TimeSpan atMost, CancellationToken cancel)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = clock.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), until, atMost, Timeout.InfiniteTimeSpan);
        try
        {
            await _changed.Reader.ReadAsync(until.Token);
        }
        catch (OperationCanceledException)
        {
            // Time for the regular look.
        }
    }

    [LoggerMessage(3001, LogLevel.Information, "configuration revision {Revision} with {Projects} projects pushed to Redis")]
    private partial void LogPushed(long revision, int projects);

    [LoggerMessage(3002, LogLevel.Warning, "configuration cannot be pushed now, trying again every second: {Reason}")]
    private partial void LogNotPushed(string reason);
}

using System.Text.Json;
using System.Threading.Channels;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Web.Settings;

/// <summary>
/// Keeps <c>ep:config</c> in Redis equal to the config store: at once after a change, and every ten seconds in case Redis
/// has lost it or was away. Collectors go on with what they have meanwhile.
/// </summary>
internal sealed partial class ConfigPush(IConfigStore store, RedisConnection redis, TimeProvider clock, ILogger<ConfigPush> log) : BackgroundService
{
    public const string Key = "ep:config";
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
        var json = JsonSerializer.Serialize(snapshot, ContractsJson.Default.ConfigSnapshot);
        if (await redis.GetAsync(Key) == json)
            return;
        await redis.SetAsync(Key, json);
        await redis.PublishAsync(Key, snapshot.Revision);
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

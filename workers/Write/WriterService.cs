using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Locking;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Write;

/// <summary>
/// One writer leads, the others stand by. The lock only keeps them from working against each other; what makes it safe is the
/// store's token and cursor, so a leader that was paused and wakes up late can do no harm.
/// </summary>
internal sealed class WriterService(
    WriterParts parts, WriterChores chores, WakeUps wakeUps, IOptions<PipelineOptions> options, ILogger<WriterService> log) : BackgroundService
{
    private const string LockName = "ep:writer";

    /// <summary>How long after the death of a leader nobody writes, at most.</summary>
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StandBy = TimeSpan.FromSeconds(0.5);

    private readonly string _owner = $"{Environment.MachineName}:{Environment.ProcessId}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lanes = Lane.All(options.Value.Lanes).ToList();
        var wakeUp = await wakeUps.ListenAsync([.. lanes.Select(l => l.Deltas), Lane.Commands]);
        var backoff = new Backoff();
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = StandBy;
            try
            {
                await ContendAsync(lanes, wakeUp, stoppingToken);
                backoff.Reset();
            }
            catch (FencedException e)
            {
                WriterMetrics.Fenced.Add(1);
                WriterLog.SteppedDown(log, e.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, the data is safe where it is; giving up would only add an outage of the other stages.
                pause = backoff.Next();
                Note(e, backoff);
            }

            await Task.Delay(pause, parts.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ContendAsync(IReadOnlyList<Lane> lanes, WakeUp wakeUp, CancellationToken stopping)
    {
        await using var held = await parts.Locks.CreateLockAsync(LockName, Expiry);
        if (held.IsAcquired)
            await LeadAsync(held, lanes, wakeUp, stopping);
        else
            parts.Status.Problem = held.Status == RedLockStatus.NoQuorum ? "waits for Redis: it gives no lock" : null;
    }

    private async Task LeadAsync(IRedLock held, IReadOnlyList<Lane> lanes, WakeUp wakeUp, CancellationToken stopping)
    {
        await parts.Store.MigrateAsync(stopping);
        var token = await parts.Store.TakeLeadershipAsync(_owner, stopping);
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stopping, held.Lost);
        var sweeping = chores.RunAsync(token, leading.Token);
        parts.Status.IsLeading = true;
        parts.Status.Problem = null;
        WriterLog.Leading(log, token);
        try
        {
            await new WriterRounds(lanes, parts, log).RunAsync(token, wakeUp, leading.Token);
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested)
        {
            WriterLog.SteppedDown(log, stopping.IsCancellationRequested ? "it stops" : "the lock is lost");
        }
        finally
        {
            parts.Status.IsLeading = false;
            await leading.CancelAsync();
            await sweeping;
        }
    }

    private void Note(Exception failure, Backoff backoff)
    {
        parts.Status.Problem = $"cannot write: {failure.Message}";
        if (!backoff.IsWorthLogging)
            return;
        if (failure is StoreUnavailableException or RedisUnavailableException)
            WriterLog.Waiting(log, failure is StoreUnavailableException ? "the store" : "Redis", backoff.Failures, failure.Message);
        else
            WriterLog.Failed(log, failure);
    }
}

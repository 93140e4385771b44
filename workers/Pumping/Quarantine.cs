using System.Collections.Concurrent;
using System.Threading.Channels;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// Where a stage's suspects go, beside the pump, so that neighbours are not held up: each message is tried alone in a child process until it
/// passes or has failed as often as is allowed. The entry stays pending meanwhile; a crash of this process loses nothing.
/// </summary>
internal sealed class Quarantine<TIn, TFacts, TOut>(
    StageSpec<TIn, TFacts, TOut> spec, Lane lane, PumpServices services, BatchMover<TIn, TFacts, TOut> mover)
{
    private readonly Channel<(StreamGroup Group, WorkEntry<TIn> Entry, Claim Claim)> _waiting =
        Channel.CreateUnbounded<(StreamGroup, WorkEntry<TIn>, Claim)>();
    private readonly ConcurrentDictionary<(string Stream, StreamId Id), bool> _inside = new();
    private readonly QuarantineProcess _child = new(services.Quarantine, spec.Name, services.Options.Watchdog);

    public int Count => _inside.Count;

    public bool Holds(StreamGroup group, StreamId id) => _inside.ContainsKey((group.Stream, id));

    public void Take(StreamGroup group, WorkEntry<TIn> entry)
    {
        if (!_inside.TryAdd((group.Stream, entry.Entry.Id), true))
            return;
        _waiting.Writer.TryWrite((group, entry, new(group, [entry.Entry.Id], services.Options.ReclaimAfter, services.Time)));
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var (group, entry, claim) in _waiting.Reader.ReadAllAsync(stopping))
            {
                await using (claim)
                    await HandleAsync(group, entry, stopping);
                _inside.TryRemove((group.Stream, entry.Entry.Id), out _);
                if (!_waiting.Reader.TryPeek(out _))
                    await _child.EndAsync();
            }
        }
        catch (OperationCanceledException)
        {
            while (_waiting.Reader.TryRead(out var left))
                await left.Claim.DisposeAsync();
        }
        finally
        {
            await _child.DisposeAsync();
        }
    }

    private async Task HandleAsync(StreamGroup group, WorkEntry<TIn> entry, CancellationToken stopping)
    {
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                await services.Board.WaitWhileStoppedAsync(spec.Name, lane.Name, stopping);
                await mover.MoveAsync(group, [entry], await JudgeAsync(entry, stopping), alone: true, stopping);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                PumpMetrics.Errors.Add(1, PumpMetrics.Of(spec.Name));
                var pause = backoff.Next();
                if (backoff.IsWorthLogging && e is RedisUnavailableException)
                    PumpLog.Waiting(services.Log, spec.Name, lane.Name, backoff.Failures, e.Message);
                else if (backoff.IsWorthLogging)
                    PumpLog.Unexpected(services.Log, e, spec.Name, lane.Name, backoff.Failures);
                await Task.Delay(pause, services.Time, stopping);
            }
        }
    }

    private async Task<Dictionary<WorkItem<TIn>, string>> JudgeAsync(WorkEntry<TIn> entry, CancellationToken stopping)
    {
        var condemned = new Dictionary<WorkItem<TIn>, string>();
        foreach (var item in entry.Items)
        {
            PumpMetrics.Quarantined.Add(1, PumpMetrics.Of(spec.Name));
            while (await _child.TryAsync(item.Bytes, stopping) is { } reason)
            {
                var attempt = await services.Attempts.CountAsync(lane, Attempts.FieldOf(spec.Name, item.ProjectId, item.EventId));
                PumpLog.AttemptFailed(services.Log, spec.Name, item.EventId, attempt, StageFaultException.KindOf(reason));
                if (attempt >= services.Options.Attempts)
                {
                    condemned[item] = reason;
                    break;
                }
            }
        }

        return condemned;
    }
}

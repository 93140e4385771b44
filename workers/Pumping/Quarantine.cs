using System.Collections.Concurrent;
using System.Threading.Channels;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// Where a stage's suspects go, beside the pump, so that neighbours are not held up: each message is tried alone in a child process. What comes in
/// company is sorted first, each given a moment: what passes goes on, what does not is set apart as an entry of its own. One that is alone is tried
/// until it passes or has failed as often as is allowed, on a second bench where it takes its time, so that nobody waits behind a loop.
/// The entries stay pending meanwhile; a crash of this process loses nothing.
/// </summary>
internal sealed class Quarantine<TIn, TFacts, TOut>(
    StageSpec<TIn, TFacts, TOut> spec, Lane lane, PumpServices services, BatchMover<TIn, TFacts, TOut> mover)
{
    private readonly Channel<Suspect> _waiting = Channel.CreateUnbounded<Suspect>();
    private readonly Channel<Suspect> _slow = Channel.CreateUnbounded<Suspect>();
    private readonly ConcurrentDictionary<(string Stream, StreamId Id), bool> _inside = new();

    public int Count => _inside.Count;

    public bool Holds(StreamGroup group, StreamId id) => _inside.ContainsKey((group.Stream, id));

    public void Take(StreamGroup group, WorkEntry<TIn> entry)
    {
        if (!_inside.TryAdd((group.Stream, entry.Entry.Id), true))
            return;
        _waiting.Writer.TryWrite(new(group, entry, new(group, [entry.Entry.Id], services.Options.ReclaimAfter, services.Time)));
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.WhenAll(
            WorkAsync(_waiting.Reader, services.Options.QuarantineMoment, isLast: false, stopping),
            WorkAsync(_slow.Reader, services.Options.Watchdog, isLast: true, stopping));
        while (_waiting.Reader.TryRead(out var left) || _slow.Reader.TryRead(out left))
            await left.Claim.DisposeAsync();
    }

    /// <param name="limit">What one message is given.</param>
    /// <param name="isLast">A message that takes longer has failed; otherwise it is given more time elsewhere.</param>
    private async Task WorkAsync(ChannelReader<Suspect> waiting, TimeSpan limit, bool isLast, CancellationToken stopping)
    {
        await using var child = new QuarantineProcess(services.Quarantine, spec.Name);
        try
        {
            await foreach (var suspect in waiting.ReadAllAsync(stopping))
            {
                var isDone = true;
                try
                {
                    isDone = await HandleAsync(suspect, entry => JudgeAsync(child, entry, limit, isLast, stopping), stopping);
                }
                finally
                {
                    if (isDone)
                    {
                        await suspect.Claim.DisposeAsync();
                        _inside.TryRemove((suspect.Group.Stream, suspect.Entry.Entry.Id), out _);
                    }
                }

                if (!isDone)
                    _slow.Writer.TryWrite(suspect);
                if (!waiting.TryPeek(out _))
                    await child.EndAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: the entries are taken over.
        }
    }

    /// <summary>False where the entry needs more time than there is here.</summary>
    private async Task<bool> HandleAsync(Suspect suspect, Func<WorkEntry<TIn>, Task<Verdict<TIn>?>> judge, CancellationToken stopping)
    {
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                await services.Board.WaitWhileStoppedAsync(spec.Name, lane.Name, stopping);
                if (await judge(suspect.Entry) is not { } verdict)
                    return false;
                await mover.MoveAsync(suspect.Group, [suspect.Entry], verdict, alone: true, stopping);
                return true;
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

    private async Task<Verdict<TIn>?> JudgeAsync(QuarantineProcess child, WorkEntry<TIn> entry, TimeSpan limit, bool isLast, CancellationToken stopping)
    {
        var verdict = new Verdict<TIn>([], []);
        var isAlone = entry.Items.Count == 1;
        foreach (var item in entry.Items)
        {
            PumpMetrics.Quarantined.Add(1, PumpMetrics.Of(spec.Name));
            while (await child.TryAsync(item.Bytes, limit, stopping) is { } failure)
            {
                if (failure.IsTimeout && !isLast)
                {
                    if (isAlone)
                        return null;
                    verdict.Apart.Add(item);
                    break;
                }

                var attempt = await services.Attempts.CountAsync(lane, Attempts.FieldOf(spec.Name, item.ProjectId, item.EventId));
                PumpLog.AttemptFailed(services.Log, spec.Name, item.EventId, attempt, StageFaultException.KindOf(failure.Reason));
                if (attempt >= services.Options.Attempts)
                    verdict.Condemned[item] = failure.Reason;
                else if (isAlone)
                    continue;
                else
                    verdict.Apart.Add(item);
                break;
            }
        }

        return verdict;
    }

    private sealed record Suspect(StreamGroup Group, WorkEntry<TIn> Entry, Claim Claim);
}

/// <summary>What is known of the messages of some entries before they are processed.</summary>
/// <param name="Condemned">Those that failed alone as often as is allowed, with the reason.</param>
/// <param name="Apart">Those that become entries of their own, to be tried again.</param>
internal sealed record Verdict<T>(Dictionary<WorkItem<T>, string> Condemned, HashSet<WorkItem<T>> Apart)
{
    public static readonly Verdict<T> None = new([], []);
}

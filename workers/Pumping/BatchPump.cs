using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// The only loop: read entries, decode, and let <see cref="BatchMover{TIn, TFacts, TOut}"/> take them through the stage and the hop.
/// One per stage and lane. Trouble with Redis is waited out; nothing ends the loop but a stop.
/// </summary>
internal sealed class BatchPump<TIn, TFacts, TOut>
{
    /// <summary>With so many suspects waiting the stage reads nothing more.</summary>
    private const int MostSuspects = 100;

    /// <summary>After a batch that was not half full the next one gathers for a moment.</summary>
    private static readonly TimeSpan LeastGathering = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UnparkEvery = TimeSpan.FromSeconds(30);

    private readonly StageSpec<TIn, TFacts, TOut> _spec;
    private readonly Lane _lane;
    private readonly PumpServices _services;
    private readonly List<StreamGroup> _groups;
    private readonly BatchMover<TIn, TFacts, TOut> _mover;
    private readonly Quarantine<TIn, TFacts, TOut> _quarantine;
    private readonly BatchSize _size;
    private readonly Gathering _gathering;
    private readonly Pace _reclaiming;
    private readonly Pace _pruning;
    private readonly Pace _unparking;
    private readonly HashSet<SilentWorker> _settled = [];
    private bool _owesOld;
    private long _turn;

    public BatchPump(StageSpec<TIn, TFacts, TOut> spec, Lane lane, PumpServices services)
    {
        (_spec, _lane, _services) = (spec, lane, services);
        _groups = [.. spec.Inputs(lane).Select(stream => new StreamGroup(services.Redis, stream, services.Consumer))];
        _mover = new(spec, lane, services, new(services.Time, services.Options.DeadPerMinute));
        _quarantine = new(spec, lane, services, _mover);
        _size = new(services.Options.BatchEvents, services.Options.BatchBytes);
        _gathering = new(LeastGathering, spec.MostGathering ?? LeastGathering, services.Time);
        _reclaiming = new(services.Options.ReclaimAfter / 2, services.Time);
        _pruning = new(PruneEvery, services.Time);
        _unparking = new(UnparkEvery, services.Time);
    }

    /// <summary>Until <paramref name="stopping"/>: then the batch at hand is finished and hopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        PumpLog.Started(_services.Log, _spec.Name, _lane.Name, _services.Consumer);
        var wakeUp = await _services.WakeUps.ListenAsync([.. _groups.Select(g => g.Stream)]);
        var quarantine = _quarantine.RunAsync(stopping);
        var backoff = new Backoff();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await _services.Board.WaitWhileStoppedAsync(_spec.Name, _lane.Name, stopping);
                await MaintainAsync(stopping);
                var gathering = await TurnAsync(stopping);
                if (backoff.Reset())
                    PumpLog.GoesOn(_services.Log, _spec.Name, _lane.Name);
                if (gathering is null)
                    await wakeUp.WaitAsync(Beat.Rest(WakeUps.Fallback, _services.Time), stopping);
                else if (gathering > TimeSpan.Zero)
                    await Task.Delay(gathering.Value, _services.Time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                await WaitAsync(e, backoff, stopping);
            }
        }

        await quarantine;
    }

    private async Task WaitAsync(Exception e, Backoff backoff, CancellationToken stopping)
    {
        // What was read and not moved is still pending here, and so is what Redis sent while the connection broke.
        _owesOld = true;
        PumpMetrics.Errors.Add(1, PumpMetrics.Of(_spec.Name));
        var pause = backoff.Next();
        if (backoff.IsWorthLogging && e is RedisUnavailableException)
            PumpLog.Waiting(_services.Log, _spec.Name, _lane.Name, backoff.Failures, e.Message);
        else if (backoff.IsWorthLogging)
            PumpLog.Unexpected(_services.Log, e, _spec.Name, _lane.Name, backoff.Failures);
        await Task.Delay(pause, _services.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>One batch of each input that holds something; no more than one where that was full, so that raw keeps its precedence.</summary>
    /// <returns>How long the next ones gather; null where there was nothing.</returns>
    private async Task<TimeSpan?> TurnAsync(CancellationToken stopping)
    {
        if (_quarantine.Count >= MostSuspects)
            return null;
        if (_owesOld && await TakeOldAsync(stopping))
            return TimeSpan.Zero;
        _owesOld = false;

        var order = _turn++ % 4 == 3 ? Enumerable.Reverse(_groups) : _groups;
        var (events, isFull) = (0L, false);
        foreach (var group in order)
        {
            var asked = _size.Entries;
            var entries = await group.ReadNewAsync(asked);
            if (entries.Count == 0)
                continue;
            _size.Learn(entries);
            await HandleAsync(group, entries, isSuspect: e => e.IsSuspect, stopping);
            var taken = entries.Sum(e => e.Events);
            events += taken;
            isFull = entries.Count >= asked || taken >= _services.Options.BatchEvents / 2;
            if (isFull || _quarantine.Count >= MostSuspects)
                break;
        }

        if (events == 0)
            return null;
        var gathering = _gathering.After(events);
        return isFull ? TimeSpan.Zero : gathering;
    }

    private async Task<bool> TakeOldAsync(CancellationToken stopping)
    {
        foreach (var group in _groups)
        {
            var entries = await group.ReadOwnAsync(_size.Entries + _quarantine.Count);
            if (await HandleOldAsync(group, entries, stopping))
                return true;
        }

        return false;
    }

    private async Task<bool> HandleOldAsync(StreamGroup group, List<StreamEntry> entries, CancellationToken stopping)
    {
        entries.RemoveAll(e => _quarantine.Holds(group, e.Id));
        if (entries.Count == 0)
            return false;
        var deliveries = await group.DeliveriesAsync([.. entries.Select(e => e.Id)]);
        await HandleAsync(group, entries, e => e.IsSuspect || deliveries.GetValueOrDefault(e.Id) >= PumpOptions.SuspiciousDeliveries, stopping);
        return true;
    }

    private async Task HandleAsync(StreamGroup group, List<StreamEntry> entries, Func<StreamEntry, bool> isSuspect, CancellationToken stopping)
    {
        var batch = new List<WorkEntry<TIn>>(entries.Count);
        foreach (var entry in entries)
        {
            if (await DecodeAsync(group, entry) is not { } work)
                continue;
            if (work.Torn is null && isSuspect(entry))
                _quarantine.Take(group, work);
            else
                batch.Add(work);
        }

        if (batch.Count == 0)
            return;
        await using var claim = new Claim(group, [.. batch.Select(e => e.Entry.Id)], _services.Options.ReclaimAfter, _services.Time);
        await _mover.MoveAsync(group, batch, Verdict<TIn>.None, alone: false, stopping);
    }

    private async Task<WorkEntry<TIn>?> DecodeAsync(StreamGroup group, StreamEntry entry)
    {
        try
        {
            return WorkEntry<TIn>.Decode(entry, _spec.In);
        }
        catch (UnknownVersionException e)
        {
            if (await group.ParkAsync(_lane, entry.Id, e.Version))
            {
                PumpMetrics.Parked.Add(1, PumpMetrics.Of(_spec.Name));
                PumpLog.Parked(_services.Log, _spec.Name, _lane.Name, e.Version);
            }

            return null;
        }
    }

    private async Task MaintainAsync(CancellationToken stopping)
    {
        if (_unparking.IsDue())
            await UnparkAsync();
        if (_pruning.IsDue())
        {
            foreach (var group in _groups)
                await group.PruneConsumersAsync(PruneEvery);
        }

        await InheritAsync(stopping);
        if (_reclaiming.IsDue())
            await ReclaimAsync(stopping);
    }

    private async Task UnparkAsync()
    {
        foreach (var group in _groups)
        {
            if (await _services.Parked.ReturnAsync(_lane, group.Stream, _spec.In.Version) is > 0 and var returned)
                PumpLog.Unparked(_services.Log, _spec.Name, _lane.Name, returned);
        }
    }

    /// <summary>What workers held that have gone silent; once it is taken they owe nothing more.</summary>
    private async Task InheritAsync(CancellationToken stopping)
    {
        var silent = _services.Roll.Silent;
        if (_settled.Count > 0)
            _settled.IntersectWith(silent);
        foreach (var worker in silent.Where(w => !_settled.Contains(w)))
        {
            foreach (var group in _groups)
            {
                while (await TakeOverAsync(group, await group.TakeOverAsync(worker.Consumer, _size.Entries), stopping))
                {
                }
            }

            _settled.Add(worker);
        }
    }

    private async Task ReclaimAsync(CancellationToken stopping)
    {
        foreach (var group in _groups)
        {
            if (await TakeOverAsync(group, await group.ReclaimAsync(_services.Options.ReclaimAfter, _size.Entries), stopping))
                _reclaiming.Again();
        }
    }

    private async Task<bool> TakeOverAsync(StreamGroup group, List<StreamEntry> entries, CancellationToken stopping)
    {
        if (entries.Count == 0)
            return false;
        PumpMetrics.Reclaimed.Add(entries.Count, PumpMetrics.Of(_spec.Name));
        PumpLog.Reclaimed(_services.Log, _spec.Name, _lane.Name, entries.Count);
        await HandleOldAsync(group, entries, stopping);
        return true;
    }
}

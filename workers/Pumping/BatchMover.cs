using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// Takes entries that this consumer holds through the stage and the hop: facts, stage, conservation, hop, and again where the hop found
/// that something had changed. Throws <see cref="RedisUnavailableException"/>; then nothing has moved, or all of it.
/// </summary>
internal sealed class BatchMover<TIn, TFacts, TOut>(StageSpec<TIn, TFacts, TOut> spec, Lane lane, PumpServices services, DeathRate deaths)
{
    private readonly StageCall _call = new(services.Options.Watchdog, services.Time, services.Log);

    /// <param name="verdict">What quarantine has found.</param>
    /// <param name="alone">Call the stage with one message at a time.</param>
    public async Task MoveAsync(
        StreamGroup group,
        IReadOnlyList<WorkEntry<TIn>> entries,
        Verdict<TIn> verdict,
        bool alone,
        CancellationToken stopping)
    {
        var started = services.Time.GetTimestamp();
        var waiting = new Backoff();
        var rest = entries.ToList();
        var known = new Known();
        while (rest.Count > 0)
        {
            var hop = await ComputeAsync(group, rest, known, verdict, alone);
            var answer = await services.Hops.HopAsync(lane, hop);
            switch (answer.Status)
            {
                case HopStatus.Moved:
                    Count(rest, hop, started);
                    return;
                case HopStatus.Lost:
                    PumpMetrics.Lost.Add(answer.LostInputs.Count, PumpMetrics.Of(spec.Name));
                    rest.RemoveAll(e => answer.LostInputs.Contains(e.Entry.Id));
                    break;
                case HopStatus.Seen:
                    PumpMetrics.Seen.Add(1, PumpMetrics.Of(spec.Name));
                    known.Seen.UnionWith(answer.SeenEvents);
                    break;
                default:
                    await WaitForWriterAsync(waiting, stopping);
                    break;
            }
        }
    }

    private async Task<Hop> ComputeAsync(
        StreamGroup group, List<WorkEntry<TIn>> entries, Known known, Verdict<TIn> verdict, bool alone)
    {
        var fates = new Fates();
        foreach (var torn in entries.Where(e => e.Torn is not null))
            Bury(fates, MayBury(known, torn), group.Stream, new(torn.Entry.Version, torn.Entry.Events, torn.Entry.Data), 0, torn.Entry.Id.ToString(), torn.Torn!);

        var healthy = new List<WorkItem<TIn>>();
        foreach (var item in entries.SelectMany(e => e.Items))
        {
            if (verdict.Condemned.TryGetValue(item, out var reason))
                Bury(fates, known, group.Stream, item, reason);
            else if (verdict.Apart.Contains(item))
                fates.Suspects.Add(item.ToPayload());
            else
                healthy.Add(item);
        }

        if (healthy.Count > 0)
        {
            var messages = healthy.ConvertAll(i => i.Message);
            var facts = spec.Learn(await spec.LoadFacts(services.Provider, lane, messages), known.Seen);
            Func<Task> suspect = () => group.RenewAsync(entries.Select(e => e.Entry.Id), PumpOptions.SuspiciousDeliveries);
            if (alone || !TryRunTogether(fates, messages, facts, suspect))
                await RunAloneAsync(fates, known, group.Stream, healthy, facts, suspect);
        }

        return new()
        {
            Input = group.Stream,
            Consumer = group.Consumer,
            Inputs = [.. entries.Select(e => e.Entry.Id)],
            Output = spec.Output(lane),
            Outputs = spec.Out.Write(fates.Forward),
            Suspects = fates.Suspects,
            Dead = fates.Dead,
            Outcomes = fates.Outcomes,
            SettledAttempts = fates.Settled,
            Remember = [.. fates.Remember],
            Fates = fates.Receipts(),
        };
    }

    private bool TryRunTogether(Fates fates, List<TIn> messages, TFacts facts, Func<Task> suspect)
    {
        try
        {
            fates.Add(_call.Run(spec, messages, facts, suspect));
            return true;
        }
        catch (StageFaultException e)
        {
            PumpMetrics.Faults.Add(1, PumpMetrics.Of(spec.Name));
            PumpLog.BatchFaulted(services.Log, spec.Name, lane.Name, messages.Count, StageFaultException.KindOf(e.Message));
            return false;
        }
    }

    /// <summary>Each message alone: those that fail are set apart, or die where they have failed often enough.</summary>
    private async Task RunAloneAsync(Fates fates, Known known, string stream, List<WorkItem<TIn>> items, TFacts facts, Func<Task> suspect)
    {
        foreach (var item in items)
        {
            TIn[] one = [item.Message];
            var field = Attempts.FieldOf(spec.Name, item.ProjectId, item.EventId);
            try
            {
                var result = _call.Run(spec, one, facts, suspect);
                fates.Add(result);
                fates.Settled.Add(field);
                facts = spec.Learn(facts, result.Remember);
            }
            catch (StageFaultException e)
            {
                if (!known.Attempts.TryGetValue(item, out var attempt))
                {
                    known.Attempts[item] = attempt = await services.Attempts.CountAsync(lane, field);
                    PumpLog.AttemptFailed(services.Log, spec.Name, item.EventId, attempt, StageFaultException.KindOf(e.Message));
                }

                if (attempt >= services.Options.Attempts)
                    Bury(fates, known, stream, item, e.Message);
                else
                    fates.Suspects.Add(item.ToPayload());
            }
        }
    }

    private void Bury(Fates fates, Known known, string stream, WorkItem<TIn> item, string reason)
    {
        var may = MayBury(known, item);
        Bury(fates, may, stream, item.ToPayload(), item.ProjectId, item.EventId, reason);
        if (may)
            fates.Ended.AddRange(spec.In.Events(item.Message).Select(e => new EventFate(Outcome.Dead, e)));
    }

    /// <summary>False where too many would die: then the stage says so and stops for a while.</summary>
    private bool MayBury(Known known, object letter)
    {
        if (known.MayDie.TryGetValue(letter, out var may))
            return may;
        var tooMany = deaths.TryBury(1);
        if (tooMany is not null && services.Board.Stop(spec.Name, lane.Name, tooMany))
            PumpLog.Stopped(services.Log, spec.Name, lane.Name, tooMany);
        return known.MayDie[letter] = tooMany is null;
    }

    /// <summary>To the dead letters, or back where it may not die.</summary>
    private void Bury(Fates fates, bool may, string stream, StreamPayload payload, int project, string @event, string reason)
    {
        if (!may)
        {
            fates.Suspects.Add(payload);
            return;
        }

        var now = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        fates.Dead.Add(new(payload, spec.Name, stream, project, @event, reason, now));
        fates.Outcomes.Add(new(project, now / 60_000, Outcome.Dead, payload.Events));
        fates.Settled.Add(Attempts.FieldOf(spec.Name, project, @event));
    }

    private async Task WaitForWriterAsync(Backoff waiting, CancellationToken stopping)
    {
        PumpMetrics.BelowFloor.Add(1, PumpMetrics.Of(spec.Name));
        var pause = waiting.Next();
        if (waiting.IsWorthLogging && waiting.Failures > 1)
            PumpLog.BelowFloor(services.Log, spec.Name, lane.Name);
        await Task.Delay(pause, services.Time, stopping);
    }

    private void Count(List<WorkEntry<TIn>> entries, Hop hop, long started)
    {
        var stage = PumpMetrics.Of(spec.Name);
        deaths.Handled(entries.Sum(e => e.Items.Count));
        PumpMetrics.Batches.Add(1, stage);
        PumpMetrics.Events.Add(entries.Sum(e => e.Entry.Events), stage);
        PumpMetrics.Seconds.Record(services.Time.GetElapsedTime(started).TotalSeconds, stage);
        PumpMetrics.Dead.Add(hop.Dead.Count, stage);
        foreach (var dead in hop.Dead)
            PumpLog.Died(services.Log, spec.Name, lane.Name, dead.ProjectId, dead.EventId, StageFaultException.KindOf(dead.Error));
    }

    /// <summary>What is known of a batch while it is computed again and again: nothing is counted twice for that.</summary>
    private sealed class Known
    {
        public HashSet<EventIdentity> Seen { get; } = [];

        /// <summary>By entry or message.</summary>
        public Dictionary<object, bool> MayDie { get; } = new(ReferenceEqualityComparer.Instance);

        /// <summary>Failed attempts by message.</summary>
        public Dictionary<object, long> Attempts { get; } = new(ReferenceEqualityComparer.Instance);
    }

    /// <summary>What becomes of one batch.</summary>
    private sealed class Fates
    {
        public List<TOut> Forward { get; } = [];
        public List<StreamPayload> Suspects { get; } = [];
        public List<DeadLetter> Dead { get; } = [];
        public List<OutcomeCount> Outcomes { get; } = [];
        public List<string> Settled { get; } = [];
        public HashSet<EventIdentity> Remember { get; } = [];
        public List<EventFate> Ended { get; } = [];

        public void Add(StageResult<TOut> result)
        {
            Forward.AddRange(result.Forward);
            Outcomes.AddRange(result.Outcomes);
            Remember.UnionWith(result.Remember);
            Ended.AddRange(result.Fates);
        }

        public IReadOnlyList<FateIds> Receipts() =>
            [.. Ended.GroupBy(e => e.Outcome, StringComparer.Ordinal).Select(g => new FateIds(g.Key, ShortIds.Pack(g.Select(e => e.Event.Short))))];
    }
}

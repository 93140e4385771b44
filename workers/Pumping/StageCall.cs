using ErrorPipeline.Shared.Outcomes;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>Calls a stage under the watchdog and checks that no event was lost or invented.</summary>
internal sealed class StageCall(TimeSpan watchdog, TimeProvider time, ILogger log)
{
    /// <summary>Throws <see cref="StageFaultException"/> for whatever the stage does wrong, except that it does not return.</summary>
    public StageResult<TOut> Run<TIn, TFacts, TOut>(StageSpec<TIn, TFacts, TOut> spec, IReadOnlyList<TIn> batch, TFacts facts)
    {
        using var limit = time.CreateTimer(_ => EndProcess(spec.Name, batch.Count), null, watchdog, Timeout.InfiniteTimeSpan);
        StageResult<TOut> result;
        try
        {
            result = spec.Run(batch, facts, time.GetUtcNow());
        }
        catch (Exception e)
        {
            throw new StageFaultException($"{e.GetType().Name}: {e.Message}", e);
        }

        var into = batch.Sum(spec.In.Count);
        var forward = result.Forward.Sum(spec.Out.Count);
        var terminal = result.Outcomes.Where(o => IsTerminal(o.Outcome)).Sum(o => o.Count);
        if (into == forward + terminal)
            return result;
        PumpMetrics.Unbalanced.Add(1, PumpMetrics.Of(spec.Name));
        throw new StageFaultException($"conservation: {into} events in, {forward} forwarded and {terminal} with an outcome");
    }

    private static bool IsTerminal(string outcome) =>
        outcome is Outcome.Duplicate or Outcome.Dead || outcome.StartsWith(Outcome.FilteredPrefix, StringComparison.Ordinal);

    private void EndProcess(string stage, int messages)
    {
        PumpLog.WatchdogBit(log, stage, messages, watchdog.TotalSeconds);
        Environment.FailFast($"stage {stage} did not return within {watchdog.TotalSeconds} s; its entries come back by reclaim and go to quarantine");
    }
}

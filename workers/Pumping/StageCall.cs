using ErrorPipeline.Shared.Outcomes;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>Calls a stage under the watchdog and checks that no event was lost or invented.</summary>
internal sealed class StageCall(TimeSpan watchdog, TimeProvider time, ILogger log)
{
    /// <summary>How long the last words of a process may take.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>Throws <see cref="StageFaultException"/> for whatever the stage does wrong, except that it does not return.</summary>
    /// <param name="suspect">Where it does not return: sees to it that whoever takes the batch over tries it in quarantine.</param>
    public StageResult<TOut> Run<TIn, TFacts, TOut>(StageSpec<TIn, TFacts, TOut> spec, IReadOnlyList<TIn> batch, TFacts facts, Func<Task> suspect)
    {
        using var limit = time.CreateTimer(_ => _ = EndProcessAsync(spec.Name, batch.Count, suspect), null, watchdog, Timeout.InfiniteTimeSpan);
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

    private async Task EndProcessAsync(string stage, int messages, Func<Task> suspect)
    {
        PumpLog.WatchdogBit(log, stage, messages, watchdog.TotalSeconds);
        try
        {
            await suspect().WaitAsync(LastWords, time);
        }
        catch (Exception e) when (e is RedisUnavailableException or TimeoutException or StackExchange.Redis.RedisServerException)
        {
            // Then it takes another process with it before its deliveries tell.
        }

        Environment.FailFast($"stage {stage} did not return within {watchdog.TotalSeconds} s; its entries are taken over and go to quarantine");
    }
}

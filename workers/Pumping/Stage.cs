using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// What a stage is: a synchronous function of a batch, the facts it needs and the time. No logger, clock, Redis or async
/// inside. Sum of counts in = forwarded + outcomes, which the pump asserts.
/// </summary>
internal delegate StageResult<TOut> Stage<TIn, TFacts, TOut>(IReadOnlyList<TIn> batch, TFacts facts, DateTimeOffset now);

internal sealed record StageResult<TOut>(IReadOnlyList<TOut> Forward, IReadOnlyList<OutcomeCount> Outcomes)
{
    /// <summary>Which events the terminal outcomes are of: what a receipt tells of them.</summary>
    public IReadOnlyList<EventFate> Fates { get; init; } = [];

    /// <summary>What the hop has to write down as seen, and must find unseen.</summary>
    public IReadOnlyCollection<EventIdentity> Remember { get; init; } = [];
}

internal readonly record struct EventFate(string Outcome, EventIdentity Event);

/// <summary>For stages that need to know nothing but their batch.</summary>
internal readonly record struct NoFacts;

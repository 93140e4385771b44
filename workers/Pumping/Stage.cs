using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>
/// What a stage is: a synchronous function of a batch, the facts it needs and the time. No logger, clock, Redis or async
/// inside. Sum of counts in = forwarded + outcomes, which the pump asserts.
/// </summary>
internal delegate StageResult<TOut> Stage<TIn, TFacts, TOut>(IReadOnlyList<TIn> batch, TFacts facts, DateTimeOffset now);

internal sealed record StageResult<TOut>(IReadOnlyList<TOut> Forward, IReadOnlyList<OutcomeCount> Outcomes);

/// <summary>For stages that need to know nothing but their batch.</summary>
internal readonly record struct NoFacts;

using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>A stage with its types closed over: what the host starts.</summary>
/// <param name="RunAsync">Runs until stopped, for one lane.</param>
/// <param name="Probe">Tries one message; throws where it breaks the stage. For the quarantine child.</param>
internal sealed record PipelineStage(
    string Name, Func<Lane, PumpServices, CancellationToken, Task> RunAsync, Action<ReadOnlyMemory<byte>>? Probe)
{
    public static PipelineStage Of<TIn, TFacts, TOut>(StageSpec<TIn, TFacts, TOut> spec) => new(
        spec.Name,
        (lane, services, stopping) => new BatchPump<TIn, TFacts, TOut>(spec, lane, services).RunAsync(stopping),
        bytes =>
        {
            // The parent watches the time.
            var call = new StageCall(Timeout.InfiniteTimeSpan, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            call.Run(spec, [spec.In.Read(bytes)], spec.QuarantineFacts);
        });
}

using ErrorPipeline.Shared.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErrorPipeline.Workers.Pumping;

/// <summary>A stage with its types closed over: what the host starts.</summary>
/// <param name="RunAsync">Runs until stopped, for one lane; null where the stage brings its own service.</param>
/// <param name="Probe">Tries one message; throws where it breaks the stage. For the quarantine child.</param>
/// <param name="Register">What else the stage needs, where it is hosted.</param>
internal sealed record PipelineStage(
    string Name,
    Func<Lane, PumpServices, CancellationToken, Task>? RunAsync,
    Action<ReadOnlyMemory<byte>>? Probe,
    Action<IServiceCollection, IConfiguration>? Register = null)
{
    /// <summary>A stage that the pump runs.</summary>
    public static PipelineStage Of<TIn, TFacts, TOut>(
        StageSpec<TIn, TFacts, TOut> spec, Action<IServiceCollection, IConfiguration>? register = null) => new(
        spec.Name,
        (lane, services, stopping) => new BatchPump<TIn, TFacts, TOut>(spec, lane, services).RunAsync(stopping),
        bytes =>
        {
            // No watchdog here: the parent watches the time.
            var call = new StageCall(Timeout.InfiniteTimeSpan, TimeProvider.System, NullLogger.Instance);
            call.Run(spec, [spec.In.Read(bytes)], spec.QuarantineFacts, suspect: () => Task.CompletedTask);
        },
        register);

    /// <summary>A stage that is a service of its own.</summary>
    public static PipelineStage Hosted(string name, Action<IServiceCollection, IConfiguration> register) => new(name, null, null, register);
}

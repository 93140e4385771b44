using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.Workers;

/// <summary>The order of the stages, written once.</summary>
internal static class Pipeline
{
    public static IReadOnlyList<PipelineStage> Stages { get; } = [];
}

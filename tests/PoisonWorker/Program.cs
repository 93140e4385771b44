using ErrorPipeline.PoisonWorker;
using ErrorPipeline.Workers;
using ErrorPipeline.Workers.Pumping;

return await WorkersHost.RunAsync(args, [PipelineStage.Of(PoisonStage.Spec), PipelineStage.Of(NextVersion.Normalize), PipelineStage.Of(NextVersion.Aggregate)]);

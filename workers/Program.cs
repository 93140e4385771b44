using ErrorPipeline.Workers;

return await WorkersHost.RunAsync(args, Pipeline.Stages);

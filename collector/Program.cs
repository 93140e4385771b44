using ErrorPipeline.Collector.Serving;
using ErrorPipeline.Shared.Hosting;

return await Startup.RunAsync(() => CollectorApp.Build(args));

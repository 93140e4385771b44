using ErrorPipeline.Collector.Replaying;
using ErrorPipeline.Collector.Serving;
using ErrorPipeline.Shared.Hosting;

if (args is [ReplayCommand.Verb, .. var rest])
    return await ReplayCommand.RunAsync(rest, Console.Out, Console.Error);

return await Startup.RunAsync(() => CollectorApp.Build(args));

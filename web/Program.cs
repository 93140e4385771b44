using ErrorPipeline.Shared.Hosting;
using ErrorPipeline.Web.Serving;

return await Startup.RunAsync(() => Dashboard.Build(args));

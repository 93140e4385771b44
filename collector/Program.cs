using ErrorPipeline.Shared.Hosting;

return await Startup.RunAsync(() =>
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddErrorPipelineDefaults("collector", args);
    var app = builder.Build();
    app.MapErrorPipelineDefaults();
    return app;
});

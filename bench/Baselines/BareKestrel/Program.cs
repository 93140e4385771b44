// The ceiling for a collector on Kestrel: read the body to its end, answer 204, do nothing else.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.Run(async context =>
{
    var body = context.Request.BodyReader;
    while (true)
    {
        var read = await body.ReadAsync(context.RequestAborted);
        body.AdvanceTo(read.Buffer.End);
        if (read.IsCompleted)
            break;
    }

    context.Response.StatusCode = StatusCodes.Status204NoContent;
});
await app.RunAsync();

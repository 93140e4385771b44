namespace ErrorPipeline.Web.Live;

internal static class LiveMap
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddHostedService(s => s.GetRequiredService<LiveFeed>());
    }

    public static void MapLive(this IEndpointRouteBuilder app) => app.MapGet("/live", FollowAsync);

    private static async Task FollowAsync(HttpContext http, LiveFeed feed, TimeProvider clock, IHostApplicationLifetime life)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(life.ApplicationStopping, http.RequestAborted);
        var page = feed.Open(LiveInterest.From(http.Request.Query));
        try
        {
            await SendAsync(http, LiveMessage.Hello, end.Token);
            while (!end.IsCancellationRequested)
                await SendAsync(http, await NextAsync(page, clock, end.Token), end.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the process ends: either way there is nobody left to tell.
        }
        finally
        {
            feed.Close(page);
        }
    }

    private static async Task SendAsync(HttpContext http, byte[] message, CancellationToken end)
    {
        await http.Response.Body.WriteAsync(message, end);
        await http.Response.Body.FlushAsync(end);
    }

    /// <summary>A heartbeat now and then finds connections that are gone, and keeps proxies from closing quiet ones.</summary>
    private static async Task<byte[]> NextAsync(LivePage page, TimeProvider clock, CancellationToken end)
    {
        if (page.Messages.Reader.TryRead(out var message))
            return message;
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(end);
        using var timer = clock.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), wait, Heartbeat, Timeout.InfiniteTimeSpan);
        try
        {
            return await page.Messages.Reader.ReadAsync(wait.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return LiveMessage.Beat;
        }
    }
}

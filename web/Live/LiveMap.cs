using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ErrorPipeline.Web.Live;

internal static class LiveMap
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddHostedService(s => s.GetRequiredService<LiveFeed>());
    }

    public static void MapLive(this IEndpointRouteBuilder app) =>
        app.MapGet("/live", (HttpContext http, LiveFeed feed, TimeProvider clock, IHostApplicationLifetime life) =>
        {
            http.Response.Headers["X-Accel-Buffering"] = "no";
            return TypedResults.ServerSentEvents(Events(feed, clock, life.ApplicationStopping, http.RequestAborted));
        });

    /// <summary>A heartbeat now and then finds connections that are gone, and keeps proxies from closing quiet ones.</summary>
    private static async IAsyncEnumerable<SseItem<LiveChange?>> Events(
        LiveFeed feed, TimeProvider clock, CancellationToken stopping, [EnumeratorCancellation] CancellationToken gone)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        var page = feed.Open();
        try
        {
            yield return new(null, "hello") { ReconnectionInterval = TimeSpan.FromSeconds(3) };
            while (!end.IsCancellationRequested)
                yield return await NextAsync(page.Reader, clock, end.Token);
        }
        finally
        {
            feed.Close(page);
        }
    }

    private static async Task<SseItem<LiveChange?>> NextAsync(ChannelReader<LiveChange> page, TimeProvider clock, CancellationToken end)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(end);
        using var timer = clock.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), wait, Heartbeat, Timeout.InfiniteTimeSpan);
        try
        {
            return new(await page.ReadAsync(wait.Token), "changes");
        }
        catch (OperationCanceledException)
        {
            return new(null, "beat");
        }
    }
}

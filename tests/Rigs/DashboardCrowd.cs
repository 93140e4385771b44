using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace ErrorPipeline.Rigs;

/// <summary>Many dashboards open at the same time, half of them on one project, under a steady stream of errors through the whole pipeline.</summary>
public static class DashboardCrowd
{
    /// <summary>Of as many issues.</summary>
    private const int ErrorsPerSecond = 20;

    public static async Task<CrowdMeasured> MeasureAsync(Installation all, int dashboards, TimeSpan duration, CancellationToken cancel)
    {
        using var web = await SignedInAsync(all, dashboards);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var open = Enumerable.Range(0, dashboards).Select(n => new OpenDashboard(web, n % 2 == 0 ? "" : $"?project={all.ProjectId}")).ToList();
        var following = open.Select(dashboard => dashboard.FollowAsync(end.Token)).ToList();
        await Deadline.Until(() => open.All(d => d.IsOpen), TimeSpan.FromSeconds(60), () => $"{open.Count(d => d.IsOpen)} are open");
        var sending = SendAsync(all, end.Token);
        await Deadline.Until(() => open.All(d => d.Read > 0), TimeSpan.FromSeconds(60), all.Logs, "all have read something");

        var (told, read, cpu, clock) = (open.Sum(d => d.Told), open.Sum(d => d.Read), ProcessMeter.CpuSeconds(all.Web.Pid), Stopwatch.StartNew());
        await Task.Delay(duration, cancel);
        var took = clock.Elapsed;
        var measured = new CrowdMeasured(
            dashboards, took, (ProcessMeter.CpuSeconds(all.Web.Pid) - cpu) / took.TotalSeconds, open.Sum(d => d.Told) - told, open.Sum(d => d.Read) - read,
            ProcessMeter.ResidentBytes(all.Web.Pid));
        await end.CancelAsync();
        await Task.WhenAll([.. following, sending]);
        return measured;
    }

    private static async Task<HttpClient> SignedInAsync(Installation all, int dashboards)
    {
        var cookies = new CookieContainer();
        using (var person = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new(all.Web.Url) })
            await person.SignInAsync(Installation.FirstUser, Installation.FirstPassword);
        return new(new SocketsHttpHandler { CookieContainer = cookies, MaxConnectionsPerServer = 2 * dashboards, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new(all.Web.Url),
            DefaultRequestHeaders = { { "Accept-Encoding", "br" } },
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private static async Task SendAsync(Installation all, CancellationToken end)
    {
        using var sender = new EventSender(all.Collector.Url, all.Key);
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / ErrorsPerSecond));
        try
        {
            for (var n = 0L; await ticks.WaitForNextTickAsync(end); n++)
                await sender.PostUntilAcceptedAsync(Body(n), end);
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private static string Body(long n)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return new JsonObject
        {
            ["sentAt"] = now,
            ["events"] = new JsonArray(new JsonObject
            {
                ["id"] = $"{n:x32}",
                ["timestamp"] = now,
                ["type"] = "TypeError",
                ["message"] = $"kind {(char)('a' + (n % ErrorsPerSecond))} broke",
                ["stack"] = $"TypeError: broke\n    at f{n % ErrorsPerSecond} (https://shop.example/js/part{n % ErrorsPerSecond}.js:5:9)",
                ["url"] = $"https://shop.example/page/{(char)('a' + (n % 7))}",
                ["release"] = "shop@1.4.2",
            }),
        }.ToJsonString();
    }
}

/// <param name="Cores">CPU time of the web process over the time that passed.</param>
/// <param name="Told">Messages that the dashboards got, all together.</param>
/// <param name="Read">How often they read anew, all together.</param>
/// <param name="ResidentBytes">Of the web process.</param>
public sealed record CrowdMeasured(int Dashboards, TimeSpan Took, double Cores, int Told, int Read, long ResidentBytes)
{
    public double ToldPerSecond => Told / (Took.TotalSeconds * Dashboards);

    public double ReadPerSecond => Read / (Took.TotalSeconds * Dashboards);
}

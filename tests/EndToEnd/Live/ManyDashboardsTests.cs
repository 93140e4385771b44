using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ErrorPipeline.EndToEnd.Privacy;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Live;

/// <summary>Many dashboards open at the same time, under a steady stream of errors through the whole pipeline.</summary>
[Category("Long")]
internal sealed class ManyDashboardsTests
{
    private const int Dashboards = 500;
    private const double PromisedCores = 0.5;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);

    [Test, CancelAfter(240_000)]
    public async Task Dashboards_FiveHundredOpenWhileErrorsStreamIn_CostLessThanHalfACore(CancellationToken cancel)
    {
        await using var all = await Installation.StartAsync();
        using var web = await SignedInAsync(all);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var dashboards = Enumerable.Range(0, Dashboards).Select(n => new OpenDashboard(web, n % 2 == 0 ? "" : $"?project={all.ProjectId}")).ToList();
        var following = dashboards.Select(dashboard => dashboard.FollowAsync(end.Token)).ToList();
        await Deadline.Until(() => dashboards.All(d => d.IsOpen), TimeSpan.FromSeconds(60), () => $"{dashboards.Count(d => d.IsOpen)} are open");
        var sending = SendAsync(all, end.Token);
        await Deadline.Until(() => dashboards.All(d => d.Read > 0), TimeSpan.FromSeconds(60), all.Logs, "all have read something");

        var (told, read, cpu, clock) = (dashboards.Sum(d => d.Told), dashboards.Sum(d => d.Read), ProcessMeter.CpuSeconds(all.Web.Pid), Stopwatch.StartNew());
        await Task.Delay(Measured, cancel);
        var cores = (ProcessMeter.CpuSeconds(all.Web.Pid) - cpu) / clock.Elapsed.TotalSeconds;
        double perSecond = clock.Elapsed.TotalSeconds * Dashboards;
        await TestContext.Out.WriteLineAsync(
            $"{Dashboards} dashboards: {cores:P1} of a core; each is told {(dashboards.Sum(d => d.Told) - told) / perSecond:0.0} times and reads {(dashboards.Sum(d => d.Read) - read) / perSecond:0.0} times a second");

        cores.Should().BeLessThan(PromisedCores);
        (dashboards.Sum(d => d.Read) - read).Should().BeGreaterThan(Dashboards * 5, "they follow all the time");
        await end.CancelAsync();
        await Task.WhenAll([.. following, sending]);
    }

    private static async Task<HttpClient> SignedInAsync(Installation all)
    {
        var cookies = new CookieContainer();
        using (var person = new Dashboard(all.Web.Url, cookies))
            await person.SignInAsync();
        return new(new SocketsHttpHandler { CookieContainer = cookies, MaxConnectionsPerServer = 2 * Dashboards, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new(all.Web.Url),
            DefaultRequestHeaders = { { "Accept-Encoding", "br" } },
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Twenty errors a second, of as many issues.</summary>
    private static async Task SendAsync(Installation all, CancellationToken end)
    {
        using var sender = new EventSender(all.Collector.Url, all.Key);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            for (var n = 0L; await ticks.WaitForNextTickAsync(end); n++)
            {
                var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                await sender.PostUntilAcceptedAsync(
                    new JsonObject
                    {
                        ["sentAt"] = now,
                        ["events"] = new JsonArray(new JsonObject
                        {
                            ["id"] = $"{n:x32}",
                            ["timestamp"] = now,
                            ["type"] = "TypeError",
                            ["message"] = $"kind {(char)('a' + (n % 20))} broke",
                            ["stack"] = $"TypeError: broke\n    at f{n % 20} (https://shop.example/js/part{n % 20}.js:5:9)",
                            ["url"] = $"https://shop.example/page/{(char)('a' + (n % 7))}",
                            ["release"] = "shop@1.4.2",
                        }),
                    }.ToJsonString(),
                    end);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }
}

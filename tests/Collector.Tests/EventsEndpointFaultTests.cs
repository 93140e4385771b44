using System.Net;
using System.Net.Sockets;
using System.Text;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Rigs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ErrorPipeline.Collector.Tests;

/// <summary>Answers while something that they need is missing or breaks.</summary>
public sealed class EventsEndpointFaultTests
{
    [Test]
    public async Task Post_BeforeAnyConfiguration_Is503AndNotReady()
    {
        await using var collector = await RunningCollector.StartAsync(configured: false);
        using var answer = await collector.PostAsync("{}");
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.Should().NotBeNull();
        (await answer.Content.ReadAsStringAsync()).Should().Contain("not_configured");
        (await collector.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative))).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await collector.Http.GetAsync(new Uri("/healthz/live", UriKind.Relative))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task Start_ConfigurationWithTheLeastThatIsRequired_IsTaken()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["config.json"], $$"""{"v":1,"revision":1,"projects":[{"id":1,"name":"x","keys":["{{Some.Key}}"]}]}""");
        await using var collector = await RunningCollector.StartAsync(folder.Path, configured: false);
        using var answer = await collector.PostAsync("{}");
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    [Test]
    public async Task Post_DiskFails_Is503AndNotReadyUntilItWorksAgain()
    {
        var fails = false;
        var disk = Disk.Real with
        {
            Flush = file =>
            {
                if (Volatile.Read(ref fails))
                    throw new IOException("no");
                RandomAccess.FlushToDisk(file);
            },
        };
        await using var collector = await RunningCollector.StartAsync(change: services => services.Replace(ServiceDescriptor.Singleton(disk)));
        (await ReadyAsync(collector)).Should().BeTrue();
        Volatile.Write(ref fails, true);
        using var refused = await collector.PostAsync("{}");
        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.Should().NotBeNull();
        (await refused.Content.ReadAsStringAsync()).Should().Contain("log_failing").And.Contain("\"status\":\"error\"");
        (await ReadyAsync(collector)).Should().BeFalse();

        Volatile.Write(ref fails, false);
        await Deadline.Until(() => ReadyAsync(collector), TimeSpan.FromSeconds(10));
        using var taken = await collector.PostAsync("{}");
        taken.StatusCode.Should().Be(HttpStatusCode.Accepted);
        collector.Logged().Should().ContainSingle();
    }

    [Test]
    public async Task Post_ConnectionBreaksBeforeTheAnswer_ResendKeepsTheIds()
    {
        using var mayFlush = new ManualResetEventSlim(true);
        var disk = Disk.Real with
        {
            Flush = file =>
            {
                mayFlush.Wait();
                RandomAccess.FlushToDisk(file);
            },
        };
        var watch = new AbortWatch();
        await using var collector = await RunningCollector.StartAsync(change: services => services
            .Replace(ServiceDescriptor.Singleton(disk)).AddSingleton<IStartupFilter>(watch));
        const string body = "{\"message\":\"no id\"}";
        var request = Encoding.ASCII.GetBytes($"POST /api/{Some.Key}/events HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using (var warm = await collector.PostAsync("{}"))
            warm.StatusCode.Should().Be(HttpStatusCode.Accepted);
        mayFlush.Reset();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, collector.Url.Port);
            await client.GetStream().WriteAsync(request);
            await Deadline.Until(() => new FileInfo(collector.Log.Folder.Segments[^1].Path).Length > collector.Log.Folder.Bytes, TimeSpan.FromSeconds(10));
            client.LingerState = new(true, 0);
        }

        await Deadline.Until(() => watch.Aborted > 0, TimeSpan.FromSeconds(10));

        // Sent again while the first is still being made durable, and again after.
        var again = collector.PostAsync(body);
        mayFlush.Set();
        using var answer = await again;
        using var later = await collector.PostAsync(body);
        var ids = collector.Logged().Where(e => e.Body.Length == body.Length).Select(e => e.EventId).ToList();
        ids.Should().HaveCount(3);
        ids.Distinct().Should().HaveCount(2, "the copy has the broken request's id, the answered one is followed by a new event");
        (await RunningCollector.IdsAsync(later)).Single().Should().NotBe((await RunningCollector.IdsAsync(answer)).Single());
    }

    private static async Task<bool> ReadyAsync(RunningCollector collector)
    {
        using var answer = await collector.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Tells when the server has seen a client hang up.</summary>
    private sealed class AbortWatch : IStartupFilter
    {
        private int _aborted;

        public int Aborted => Volatile.Read(ref _aborted);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, following) =>
            {
                http.RequestAborted.Register(() => Interlocked.Increment(ref _aborted));
                return following(http);
            });
            next(app);
        };
    }
}

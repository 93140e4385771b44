using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Rigs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ErrorPipeline.Collector.Tests;

public sealed class EventsEndpointTests
{
    private TempFolder _folder = null!;
    private RunningCollector _collector = null!;

    [SetUp]
    public async Task Start()
    {
        _folder = new();
        _collector = await RunningCollector.StartAsync(_folder.Path);
    }

    [TearDown]
    public async Task Stop()
    {
        await _collector.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Post_OneEvent_IsLoggedAsItCame()
    {
        const string body = """{"id":"00112233-4455-6677-8899-AABBCCDDEEFF","message":"hä?"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, RunningCollector.PathOf(Some.Key)) { Content = RunningCollector.Json(body) };
        request.Headers.UserAgent.ParseAdd("Test/1.0");
        using var answer = await _collector.Http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        (await answer.Content.ReadAsStringAsync()).Should().Be(
            """{"status":"success","data":{"ids":["00112233445566778899aabbccddeeff"],"id":"00112233445566778899aabbccddeeff"}}""");
        var logged = _collector.Logged().Should().ContainSingle().Subject;
        logged.Should().BeEquivalentTo(new { ProjectId = 1, EventId = "00112233445566778899aabbccddeeff", Protocol = "native", UserAgent = "Test/1.0", ClientIp = "127.0.0.1", SentAt = (long?)null });
        Encoding.UTF8.GetString(logged.Body.Span).Should().Be(body);
    }

    [Test]
    public async Task Post_Batch_LogsOneRecordPerEventInOrderOfIds()
    {
        using var answer = await _collector.PostAsync("""{ "sentAt": 1700000000123, "events": [ {"message":"a","id":"nonsense"}, {"id":"00000000000000000000000000000001","x":[{"id":"y"}]} ] }""");
        var ids = await IdsAsync(answer);
        ids.Should().HaveCount(2);
        ids[1].Should().Be(Some.Id(1));
        var logged = _collector.Logged();
        logged.Select(e => e.EventId).Should().BeEquivalentTo(ids);
        logged.Should().OnlyContain(e => e.SentAt == 1700000000123);
        logged.Select(e => Encoding.UTF8.GetString(e.Body.Span)).Should().BeEquivalentTo(
            """{"message":"a","id":"nonsense"}""", """{"id":"00000000000000000000000000000001","x":[{"id":"y"}]}""");
    }

    [Test]
    public async Task Post_EqualBodiesThatWereAnswered_AreDifferentEvents()
    {
        using var first = await _collector.PostAsync("{\"message\":\"a\"}");
        using var second = await _collector.PostAsync("{\"message\":\"a\"}");
        (await IdsAsync(first)).Should().NotEqual(await IdsAsync(second));
    }

    [Test]
    public async Task Post_UnknownKey_SaysSoAlsoToAPage()
    {
        using var answer = await PostFromAsync("https://anywhere.example", "ffffffffffffffffffffffffffffffff");
        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        Header(answer, "Access-Control-Allow-Origin").Should().Be("https://anywhere.example");
    }

    [TestCase("https://shop.example", true)]
    [TestCase("https://SHOP.example", true)]
    [TestCase("https://a.example.org", true)]
    [TestCase("https://a.b.example.org", true)]
    [TestCase("https://example.org", false)]
    [TestCase("https://evilexample.org", false)]
    [TestCase("http://shop.example", false)]
    [TestCase("https://shop.example.evil.com", false)]
    [TestCase("https://evil.com/.example.org", false)]
    [TestCase("https://evil.com:1@x.example.org", false)]
    [TestCase("null", false)]
    [TestCase(null, true)]
    public async Task Post_Origin_MustBeAllowed(string? origin, bool allowed)
    {
        using var answer = await PostFromAsync(origin, Some.RestrictedKey);
        answer.StatusCode.Should().Be(allowed ? HttpStatusCode.Accepted : HttpStatusCode.Forbidden);
        Header(answer, "Access-Control-Allow-Origin").Should().Be(allowed ? origin : null);
        Header(answer, "Vary").Should().Be("Origin");
    }

    [Test]
    public async Task Post_BadBodyFromAllowedOrigin_CanBeReadByThePage()
    {
        using var answer = await PostFromAsync("https://shop.example", Some.RestrictedKey, "{");
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        Header(answer, "Access-Control-Allow-Origin").Should().Be("https://shop.example");
    }

    [Test]
    public async Task Options_AllowedOrigin_AllowsWhatIsAskedFor()
    {
        using var answer = await PreflightAsync("https://shop.example");
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent);
        Header(answer, "Access-Control-Allow-Origin").Should().Be("https://shop.example");
        Header(answer, "Access-Control-Allow-Headers").Should().Be("content-encoding,content-type");
        Header(answer, "Access-Control-Allow-Methods").Should().Be("POST, OPTIONS");
        Header(answer, "Access-Control-Max-Age").Should().NotBeNull();
    }

    [Test]
    public async Task Options_OtherOrigin_IsForbidden()
    {
        using var answer = await PreflightAsync("https://evil.example");
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        Header(answer, "Access-Control-Allow-Origin").Should().BeNull();
    }

    [Test]
    public async Task Post_OverTheProjectsRate_Is429WithRetryAfter()
    {
        for (var i = 0; i < 3; i++)
        {
            using var taken = await _collector.PostAsync("{}", Some.SlowKey);
            taken.StatusCode.Should().Be(HttpStatusCode.Accepted);
        }

        using var refused = await _collector.PostAsync("{}", Some.SlowKey);
        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.Should().BeCloseTo(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(2));
        using var other = await _collector.PostAsync("{}");
        other.StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    [Test]
    public async Task Post_OverTheClientsRate_Is429ForThatClientOnly()
    {
        using var folder = new TempFolder();
        await using var collector = await RunningCollector.StartAsync(folder.Path, settings: ["--Collector:EventsPerMinutePerClient", "2"]);
        (await StatusFromAsync(collector, "198.51.100.1")).Should().Be(202);
        (await StatusFromAsync(collector, "198.51.100.1")).Should().Be(202);
        (await StatusFromAsync(collector, "198.51.100.1")).Should().Be(429);
        (await StatusFromAsync(collector, "198.51.100.2")).Should().Be(202);
        // One customer's /64 is one client.
        (await StatusFromAsync(collector, "2001:db8:1:2::1")).Should().Be(202);
        (await StatusFromAsync(collector, "2001:db8:1:2::2")).Should().Be(202);
        (await StatusFromAsync(collector, "2001:db8:1:2:ffff::3")).Should().Be(429);
        (await StatusFromAsync(collector, "2001:db8:1:3::1")).Should().Be(202);
        // What a client writes before its own address is not believed.
        (await StatusFromAsync(collector, "203.0.113.9, 198.51.100.1")).Should().Be(429);
    }

    [Test]
    public async Task Post_BeforeAnyConfiguration_Is503AndNotReady()
    {
        using var folder = new TempFolder();
        await using var collector = await RunningCollector.StartAsync(folder.Path, configured: false);
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
        using var answer = await PostFromAsync("https://anywhere.example", Some.Key, collector: collector);
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
        using var folder = new TempFolder();
        await using var collector = await RunningCollector.StartAsync(folder.Path, change: services => services.Replace(ServiceDescriptor.Singleton(disk)));
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
        using var folder = new TempFolder();
        var watch = new AbortWatch();
        await using var collector = await RunningCollector.StartAsync(folder.Path, change: services => services
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
        (await IdsAsync(later)).Single().Should().NotBe((await IdsAsync(answer)).Single());
    }

    [Test]
    public async Task Post_UnderBasePath_IsTaken()
    {
        using var folder = new TempFolder();
        await using var collector = await RunningCollector.StartAsync(folder.Path, settings: ["--Collector:BasePath", "/errors"]);
        using var answer = await collector.Http.PostAsync(new Uri($"/errors/api/{Some.Key}/events", UriKind.Relative), RunningCollector.Json("{}"));
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    [Test]
    public async Task Metrics_AfterSomeRequests_TellThem()
    {
        using var taken = await _collector.PostAsync("{}");
        using var refused = await _collector.PostAsync("{");
        var text = await _collector.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        text.Should().Contain("errorpipeline_collector_accepted_total").And.Contain("errorpipeline_collector_rejected_total{reason=\"bad_request\"}")
            .And.Contain("errorpipeline_collector_log_flush_seconds_count").And.Contain("errorpipeline_collector_log_bytes");
    }

    private static async Task<bool> ReadyAsync(RunningCollector collector)
    {
        using var answer = await collector.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
        return answer.IsSuccessStatusCode;
    }

    private static async Task<List<string>> IdsAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. json.RootElement.GetProperty("data").GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];
    }

    private static async Task<int> StatusFromAsync(RunningCollector collector, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, RunningCollector.PathOf(Some.Key)) { Content = RunningCollector.Json("{}") };
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var answer = await collector.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private async Task<HttpResponseMessage> PostFromAsync(string? origin, string key, string body = "{}", RunningCollector? collector = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, RunningCollector.PathOf(key)) { Content = RunningCollector.Json(body) };
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        return await (collector ?? _collector).Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> PreflightAsync(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, RunningCollector.PathOf(Some.RestrictedKey));
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-encoding,content-type");
        return await _collector.Http.SendAsync(request);
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

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}

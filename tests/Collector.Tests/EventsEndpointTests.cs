using System.Net;
using System.Text;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Collector.Tests;

public sealed class EventsEndpointTests
{
    private RunningCollector _collector = null!;

    [SetUp]
    public async Task Start() => _collector = await RunningCollector.StartAsync();

    [TearDown]
    public async Task Stop() => await _collector.DisposeAsync();

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
        var ids = await RunningCollector.IdsAsync(answer);
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
        (await RunningCollector.IdsAsync(first)).Should().NotEqual(await RunningCollector.IdsAsync(second));
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
        await using var collector = await RunningCollector.StartAsync(settings: ["--Collector:EventsPerMinutePerClient", "2"]);
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
    public async Task Post_UnderBasePath_IsTaken()
    {
        await using var collector = await RunningCollector.StartAsync(settings: ["--Collector:BasePath", "/errors"]);
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

    private static async Task<int> StatusFromAsync(RunningCollector collector, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, RunningCollector.PathOf(Some.Key)) { Content = RunningCollector.Json("{}") };
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var answer = await collector.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}

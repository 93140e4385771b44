using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Collector.Tests.Clients;

/// <summary>What each client would never send: refused with a reason in that client's own form, or taken; never a 500.</summary>
[TestFixture]
public sealed class HostileTests
{
    private const string Sentry = "/api/1/envelope/?sentry_key=" + Some.Key;
    private const string Store = "/api/1/store/?sentry_key=" + Some.Key;
    private const string Airbrake = "/api/v3/projects/1/notices?key=" + Some.Key;
    private const string Raygun = "/entries?apikey=" + Some.Key;
    private const string TrackJs = "/capture?v=3&token=" + Some.Key;
    private const string Rum = "/api/" + Some.Key + "/datadog?ddforward=%2Fapi%2Fv2%2Frum%3Fddsource%3Dbrowser";
    private const string Logs = "/p?ddforward=%2Fapi%2Fv2%2Flogs%3Fdd-api-key%3D" + Some.Key;
    private const string Elastic = "/api/" + Some.Key + "/elastic/intake/v2/rum/events";
    private const string OtlpLogs = "/api/" + Some.Key + "/otlp/v1/logs";
    private const string OtlpTraces = "/api/" + Some.Key + "/otlp/v1/traces";
    private const string Reports = "/api/" + Some.Key + "/reports";

    private RunningCollector _collector = null!;

    [OneTimeSetUp]
    public async Task Start() => _collector = await RunningCollector.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _collector.DisposeAsync();

    private static IEnumerable<TestCaseData> Bodies()
    {
        static TestCaseData Case(string name, string path, int status, string body, int events = 0) =>
            new TestCaseData(path, Encoding.Latin1.GetBytes(body), status, events).SetName("Post_" + name);
        static string Many(int count, string item) => string.Join('\n', Enumerable.Repeat(item, count));
        static string Array(int count, string item) => "[" + string.Join(',', Enumerable.Repeat(item, count)) + "]";
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100);

        foreach (var (name, path) in new[]
        {
            ("Sentry", Sentry), ("Store", Store), ("Bugsnag", "/notify"), ("Rollbar", "/api/1/item/"), ("Airbrake", Airbrake), ("Honeybadger", "/v1/notices/js"),
            ("Raygun", Raygun), ("Rum", Rum), ("Logs", Logs), ("Elastic", Elastic), ("OtlpLogs", OtlpLogs), ("OtlpTraces", OtlpTraces), ("Reports", Reports),
        })
        {
            yield return Case(name + "_Empty", path, 400, "");
            yield return Case(name + "_NotJson", path, 400, "hello");
            yield return Case(name + "_Number", path, 400, "1");
            yield return Case(name + "_Null", path, 400, "null");
            yield return Case(name + "_Cut", path, 400, "{\"a\":[");
            yield return Case(name + "_Deep", path, 400, deep);
            yield return Case(name + "_NotUtf8", path, 400, "{\"a\":\"\xff\xfe\"}");
            yield return Case(name + "_TooLarge", path, name is "Sentry" or "Raygun" ? 400 : 413, new string('a', (1 << 20) + 1));
        }

        const string header = "{}\n";
        const string item = "{\"type\":\"event\"}\n";
        yield return Case("Sentry_Nothing", Sentry, 200, "{}");
        yield return Case("Sentry_HeaderAlone", Sentry, 200, "{}\n");
        yield return Case("Sentry_ItemWithoutPayload", Sentry, 400, header + "{\"type\":\"event\"}");
        yield return Case("Sentry_LengthTooLong", Sentry, 400, header + "{\"type\":\"event\",\"length\":100}\n{}");
        yield return Case("Sentry_LengthTooShort", Sentry, 400, header + "{\"type\":\"event\",\"length\":1}\n{}\n");
        yield return Case("Sentry_LengthNegative", Sentry, 400, header + "{\"type\":\"event\",\"length\":-5}\n{}\n");
        yield return Case("Sentry_LengthHuge", Sentry, 400, header + "{\"type\":\"event\",\"length\":99999999999}\n{}\n");
        yield return Case("Sentry_LengthText", Sentry, 400, header + "{\"type\":\"event\",\"length\":\"2\"}\n{}\n");
        yield return Case("Sentry_LengthRight", Sentry, 200, header + "{\"type\":\"event\",\"length\":2}\n{}\n", 1);
        yield return Case("Sentry_NoType", Sentry, 400, header + "{}\n{}");
        yield return Case("Sentry_TypeWrong", Sentry, 400, header + "{\"type\":5}\n{}");
        yield return Case("Sentry_TypeUnknown", Sentry, 200, header + "{\"type\":\"brand_new\"}\nwhatever this is");
        yield return Case("Sentry_HeaderArray", Sentry, 400, "[]\n" + item + "{}");
        yield return Case("Sentry_EventArray", Sentry, 400, header + item + "[]");
        yield return Case("Sentry_WrongTypes", Sentry, 200, "{\"sent_at\":{},\"event_id\":[],\"dsn\":7}\n" + item + "{\"event_id\":5,\"exception\":\"no\"}", 1);
        yield return Case("Sentry_BinaryAttachment", Sentry, 200, header + "{\"type\":\"attachment\",\"length\":4}\n\0\xff\n\xfe\n" + item + "{}", 1);
        yield return Case("Sentry_Surrogate", Sentry, 200, header + item + "{\"message\":\"\\ud83d\\u0000\",\"\\ud83d\":1}", 1);
        yield return Case("Sentry_ManyIgnored", Sentry, 200, header + Many(9_999, "{\"type\":\"session\"}\n{}"));
        yield return Case("Sentry_TooManyItems", Sentry, 413, header + Many(10_001, "{\"type\":\"session\"}\n{}"));
        yield return Case("Sentry_TooManyEvents", Sentry, 413, header + Many(10_000, item + "{}"));
        yield return Case("Sentry_LongHeader", Sentry, 400, "{\"a\":\"" + new string('a', 20_000) + "\"}\n");
        yield return Case("Sentry_EventTooLong", Sentry, 413, header + item + "{\"a\":\"" + new string('a', 1 << 20) + "\"}");
        yield return Case("Sentry_LargeReplay", Sentry, 200, header + "{\"type\":\"replay_recording\",\"length\":15000000}\n" + new string('a', 15_000_000) + "\n" + item + "{}", 1);
        yield return Case("Sentry_OverTwentyMegabytes", Sentry, 413, header + "{\"type\":\"replay_recording\",\"length\":20971520}\n" + new string('a', 20 << 20));
        yield return Case("Sentry_ReportHostile", Sentry, 200, header + "{\"type\":\"client_report\"}\n{\"discarded_events\":[5,{\"category\":\"error\",\"quantity\":1e300},{\"category\":[]}]}");
        yield return Case("Sentry_ReportNotJson", Sentry, 400, header + "{\"type\":\"client_report\"}\nnope");
        yield return Case("Sentry_Feedback", Sentry, 200, header + "{\"type\":\"feedback\"}\n{\"event_id\":\"" + new string('a', 32) + "\"}\n{\"type\":\"user_report\",\"length\":2}\n{}", 2);
        yield return Case("Sentry_FeedbackArray", Sentry, 400, header + "{\"type\":\"feedback\"}\n[]");
        yield return Case("Sentry_ReportOfNothing", Sentry, 400, header + "{\"type\":\"user_report\"}\n");
        yield return Case("Store_NoId", Store, 200, "{}", 1);
        yield return Case("Store_TwoObjects", Store, 400, "{}{}");
        yield return Case("Tunnel_NoDsn", "/tunnel", 401, header + item + "{}");
        yield return Case("Tunnel_Dsn", "/tunnel", 200, "{\"dsn\":\"https://" + Some.Key + "@x/1\"}\n" + item + "{}", 1);
        yield return Case("Tunnel_OtherDsn", "/tunnel", 401, "{\"dsn\":\"https://nobody@x/1\"}\n" + item + "{}");
        yield return Case("Sentry_NoKey", "/api/1/envelope/", 401, header + item + "{}");

        yield return Case("Bugsnag_NoEvents", "/notify", 400, "{\"events\":[]}");
        yield return Case("Bugsnag_EventsWrong", "/notify", 400, "{\"events\":{}}");
        yield return Case("Bugsnag_EventWrong", "/notify", 400, "{\"events\":[1]}");
        yield return Case("Bugsnag_TooMany", "/notify", 413, "{\"events\":" + Array(10_000, "{}") + "}");
        yield return Case("Bugsnag_NoNotifier", "/notify", 202, "{\"events\":[{}]}", 1);
        yield return Case("Bugsnag_HugeNotifier", "/notify", 202, "{\"notifier\":\"" + new string('a', 900_000) + "\",\"events\":" + Array(100, "{}") + "}", 100);
        yield return Case("Rollbar_DataWrong", "/api/1/item/", 400, "{\"data\":[]}");
        yield return Case("Rollbar_UuidWrong", "/api/1/item/", 200, "{\"data\":{\"uuid\":{}}}", 1);
        yield return Case("Airbrake_ErrorsWrong", Airbrake, 400, "{\"errors\":{}}");
        yield return Case("Airbrake_ErrorsNonsense", Airbrake, 201, "{\"errors\":[1,null,[]]}", 1);
        yield return Case("Honeybadger_ErrorWrong", "/v1/notices/js", 400, "{\"error\":5}");
        yield return Case("Raygun_DetailsWrong", Raygun, 400, "{\"Details\":null}");
        yield return Case("Raygun_NoKey", "/entries", 403, "{\"Details\":{}}");
        yield return Case("TrackJs_NotJson", TrackJs, 200, "hello");
        yield return Case("TrackJs_NoKey", "/capture", 200, "{}");
        yield return Case("TrackJs_TooLarge", TrackJs, 200, new string('a', (1 << 20) + 1));
        yield return Case("TrackJs_Good", TrackJs, 202, "{}", 1);
        yield return Case("Rum_OtherLines", Rum, 202, "{\"type\":\"view\"}\n{\"type\":5}\n{}\n");
        yield return Case("Rum_ErrorWrong", Rum, 202, "{\"type\":\"error\",\"error\":[]}", 1);
        yield return Case("Rum_TooManyLines", Rum, 413, Many(10_001, "{}"));
        yield return Case("Logs_TooMany", Logs, 413, Many(101, "{\"status\":\"error\"}"));
        yield return Case("Logs_SecondLineCut", Logs, 400, "{}\n{\"a\":");
        yield return Case("Elastic_NoMetadata", Elastic, 202, "{\"error\":{}}", 1);
        yield return Case("Elastic_ErrorWrong", Elastic, 400, "{\"error\":5}");
        yield return Case("Elastic_OtherLines", Elastic, 202, "{\"metadata\":{}}\n{\"transaction\":{}}\n{\"new\":1}");
        yield return Case("Elastic_NoKey", "/intake/v2/rum/events", 404, "{\"error\":{}}");
        yield return Case("OtlpLogs_WrongTypes", OtlpLogs, 200, "{\"resourceLogs\":[1,{\"scopeLogs\":{}},{\"scopeLogs\":[{\"logRecords\":[7,{\"eventName\":5,\"attributes\":[3,{\"key\":{}}]}]}]}]}");
        yield return Case("OtlpLogs_ByAttribute", OtlpLogs, 200, "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"attributes\":[{\"key\":\"exception.type\"}]},{\"body\":{}}]}]}]}", 1);
        yield return Case("OtlpTraces_Amplified", OtlpTraces, 200, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"x\":\"" + new string('a', 900_000) + "\",\"events\":" + Array(100, "{\"name\":\"exception\"}") + "}]}]}]}", 100);
        yield return Case("OtlpLogs_TooMany", OtlpLogs, 413, "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":" + Array(10_000, "{\"eventName\":\"exception\"}") + "}]}]}");
        yield return Case("Reports_EmptyArray", Reports, 400, "[]");
        yield return Case("Reports_Nonsense", Reports, 400, "[1]");
        yield return Case("Reports_TooMany", Reports, 413, Array(10_000, "{}"));
        yield return Case("Reports_Csp", Reports, 204, "{\"csp-report\":{}}", 1);
        yield return Case("Reports_CspWrong", Reports, 400, "{\"csp-report\":[]}");
        yield return Case("Reports_MarkFirst", Reports, 204, "\xef\xbb\xbf[{}]", 1);
    }

    [TestCaseSource(nameof(Bodies))]
    public async Task Post_Body(string path, byte[] body, int status, int events)
    {
        var before = _collector.Logged().Count;
        var answer = await RawHttp.SendAsync(_collector.Url, "POST", path, Headers(), body);
        answer.Status.Should().Be(status, answer.Text);
        answer["Access-Control-Allow-Origin"].Should().Be("https://shop.example");
        (_collector.Logged().Count - before).Should().Be(events);
        if (status >= 400 || (path == TrackJs && status == 200))
            JsonDocument.Parse(answer.Text).RootElement.ToString().Should().MatchRegex("[a-z]+ [a-z]+", "people read it");
    }

    [TestCase(Sentry)]
    [TestCase("/notify")]
    [TestCase("/api/1/item/")]
    [TestCase(Elastic)]
    [TestCase(OtlpLogs)]
    public async Task Post_Bomb_IsTooLarge(string path)
    {
        var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest))
            await gzip.WriteAsync(new byte[50 << 20]);
        var answer = await RawHttp.SendAsync(_collector.Url, "POST", path, [.. Headers(), new("Content-Encoding", "gzip")], bomb.ToArray());
        answer.Status.Should().Be(413, answer.Text);
    }

    [Test]
    public async Task Post_DatadogDeflateToldInQuery_IsRead()
    {
        var packed = new MemoryStream();
        await using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
            await zlib.WriteAsync("{\"type\":\"error\"}"u8.ToArray());
        var answer = await RawHttp.SendAsync(_collector.Url, "POST", Rum + "%26dd-evp-encoding%3Ddeflate", Headers(), packed.ToArray());
        answer.Status.Should().Be(202, answer.Text);
    }

    [TestCase("X-Sentry-Auth", "Sentry sentry_version=7, sentry_key=" + Some.Key + ", sentry_client=x/1")]
    [TestCase("X-Sentry-Auth", "Sentry sentry_key=" + Some.Key)]
    public async Task Post_SentryKeyInHeader_IsFound(string header, string value) =>
        (await RawHttp.SendAsync(_collector.Url, "POST", "/some/prefix/api/7/envelope/", [new(header, value)], "{}\n{\"type\":\"event\"}\n{}"u8.ToArray())).Status.Should().Be(200);

    [TestCase("/api/1/envelope/?sentry_key=", "{}\n{\"type\":\"event\"}\n{}", 429, "X-Sentry-Rate-Limits")]
    [TestCase("/api/v3/projects/1/notices?key=", "{\"errors\":[]}", 429, "X-RateLimit-Delay")]
    [TestCase("/entries?apikey=", "{\"Details\":{}}", 429, "Retry-After")]
    [TestCase("/v1/logs?x=", "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"eventName\":\"exception\"}]}]}]}", 429, "Retry-After")]
    [TestCase("/capture?token=", "{}", 200, null)]
    public async Task Post_OverRate_TellsTheClientItsWay(string path, string body, int status, string? header)
    {
        await using var collector = await RunningCollector.StartAsync();
        RawAnswer answer = null!;
        for (var i = 0; i < 5; i++)
            answer = await RawHttp.SendAsync(collector.Url, "POST", path + Some.SlowKey, [new("X-API-Key", Some.SlowKey), new("Origin", "https://a.example")], Encoding.UTF8.GetBytes(body));
        answer.Status.Should().Be(status, answer.Text);
        if (header is not null)
        {
            answer[header].Should().MatchRegex("^[1-9][0-9]*(:error;default;event:project:rate_limited)?$");
            answer["Access-Control-Expose-Headers"].Should().Contain(header);
        }
    }

    [Test]
    public async Task Post_Airbrake_IsToldWhereItsEventIsToBeSeen()
    {
        await using var collector = await RunningCollector.StartAsync(settings: ["--Collector:DashboardUrl", "https://errors.example/"]);
        var answer = await RawHttp.SendAsync(collector.Url, "POST", Airbrake, Headers(), "{\"errors\":[]}"u8.ToArray());
        using var json = JsonDocument.Parse(answer.Text);
        var id = json.RootElement.GetProperty("id").GetGuid();
        json.RootElement.GetProperty("url").GetString().Should().Be($"https://errors.example/receipts?event={id:N}&project=1");
        collector.Logged().Should().ContainSingle().Which.EventId.Should().Be($"{id:N}");
    }

    [Test]
    public async Task Post_SessionsOnly_AreNotCharged()
    {
        for (var i = 0; i < 10; i++)
        {
            var answer = await RawHttp.SendAsync(
                _collector.Url, "POST", "/api/1/envelope/?sentry_key=" + Some.SlowKey, Headers(), "{}\n{\"type\":\"session\"}\n{}"u8.ToArray());
            answer.Status.Should().Be(200, answer.Text);
        }
    }

    private static KeyValuePair<string, string>[] Headers() =>
    [
        new("Origin", "https://shop.example"), new("Bugsnag-Api-Key", Some.Key), new("X-Rollbar-Access-Token", Some.Key), new("X-API-Key", Some.Key),
        new("Bugsnag-Sent-At", "not a time"),
    ];
}

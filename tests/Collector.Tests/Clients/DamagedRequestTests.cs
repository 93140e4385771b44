using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Collector.Tests.Clients;

/// <summary>Requests of every client, damaged at random: retyped, cut off, torn, doubled, filled with junk, wrongly packed. Taken or refused, never a 500, and the next good one is taken.</summary>
[TestFixture]
public sealed class DamagedRequestTests
{
    private const string Item = "{\"type\":\"event\"}\n";

    private static readonly (string Name, string Path, string Good)[] Requests =
    [
        ("native", "/api/" + Some.Key + "/events", """{"sentAt":1799999940000,"events":[{"id":"0123456789abcdef0123456789abcdef","type":"Error","message":"a"},{"message":"b"}],"suppressed":2}"""),
        ("sentry", "/api/1/envelope/?sentry_key=" + Some.Key, """{"event_id":"0123456789abcdef0123456789abcdef","sent_at":"2027-01-15T07:59:00.500Z","dsn":"https://k@x/1"}""" + "\n" + Item + """{"exception":{"values":[{"type":"Error","value":"a"}]}}""" + "\n{\"type\":\"attachment\",\"length\":3}\na\nb\n{\"type\":\"client_report\"}\n{\"discarded_events\":[{\"category\":\"error\",\"quantity\":1}]}\n{\"type\":\"feedback\"}\n{\"contexts\":{}}"),
        ("sentry store", "/api/1/store/?sentry_key=" + Some.Key, """{"event_id":"0123456789abcdef0123456789abcdef","exception":{"values":[{"type":"Error","value":"a"}]}}"""),
        ("sentry tunnel", "/tunnel", "{\"dsn\":\"https://" + Some.Key + "@x/1\"}\n" + Item + "{\"message\":\"a\"}"),
        ("bugsnag", "/notify", """{"apiKey":"k","notifier":{"name":"n"},"events":[{"exceptions":[{"errorClass":"Error","errorMessage":"a"}]}]}"""),
        ("rollbar", "/api/1/item/", """{"data":{"uuid":"d82f4d5d-e82b-4586-b2b6-53893676bba5","body":{"message":{"body":"a"}}}}"""),
        ("airbrake", "/api/v3/projects/1/notices?key=" + Some.Key, """{"errors":[{"type":"Error","message":"a","backtrace":[]}],"context":{}}"""),
        ("honeybadger", "/v1/notices/js", """{"error":{"class":"Error","message":"a","backtrace":[]},"request":{}}"""),
        ("raygun", "/entries?apikey=" + Some.Key, """{"OccurredOn":"2027-01-15T07:59:00Z","Details":{"Error":{"ClassName":"Error","Message":"a"}}}"""),
        ("trackjs", "/capture?v=3&token=" + Some.Key, """{"message":"a","entry":"direct","customer":{}}"""),
        ("datadog rum", "/api/" + Some.Key + "/datadog?ddforward=%2Fapi%2Fv2%2Frum%3Fddsource%3Dbrowser", "{\"type\":\"view\"}\n" + """{"type":"error","error":{"id":"773ef7bd-f2c5-4dea-8e46-ed06d9cce2be","message":"a"}}"""),
        ("datadog logs", "/p?ddforward=%2Fapi%2Fv2%2Flogs%3Fdd-api-key%3D" + Some.Key, """{"status":"error","message":"a"}""" + "\n" + """{"status":"info","message":"b"}"""),
        ("elastic", "/api/" + Some.Key + "/elastic/intake/v2/rum/events", """{"metadata":{"service":{}}}""" + "\n" + """{"error":{"id":"af1d1718d12ab9c16975e260a62ed7cf","exception":{"message":"a"}}}""" + "\n{\"transaction\":{}}"),
        ("elastic v3", "/api/" + Some.Key + "/elastic/intake/v3/rum/events", """{"m":{"se":{}}}""" + "\n" + """{"e":{"id":"af1d1718d12ab9c16975e260a62ed7cf","ex":{"mg":"a"}}}"""),
        ("otlp logs", "/api/" + Some.Key + "/otlp/v1/logs", """{"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"severityNumber":17,"eventName":"exception","attributes":[{"key":"exception.message","value":{"stringValue":"a"}}]}]}]}]}"""),
        ("otlp traces", "/api/" + Some.Key + "/otlp/v1/traces", """{"resourceSpans":[{"scopeSpans":[{"spans":[{"events":[{"name":"exception","attributes":[{"key":"exception.message","value":{"stringValue":"a"}}]}]}]}]}]}"""),
        ("reports", "/api/" + Some.Key + "/reports", """[{"age":1,"type":"deprecation","url":"https://shop.example/","body":{"id":"x","message":"a"}}]"""),
        ("csp", "/csp?key=" + Some.Key, """{"csp-report":{"effective-directive":"img-src","blocked-uri":"https://a.example/"}}"""),
        ("sessions", "/sessions", "{}"),
    ];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "99999999999999999999", "\"\"", "\"x\"", "[]", "{}", "[[]]", "{\"a\":{}}", "\"\\ud83d\"", "\"\\u0000\"", "[null,1,\"a\",{}]", new('[', 70), "\"" + new string('a', 3000) + "\"",
    ];

    private RunningCollector _collector = null!;

    [OneTimeSetUp]
    public async Task Start() => _collector = await RunningCollector.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _collector.DisposeAsync();

    private static IEnumerable<TestCaseData> Names => Requests.Select(r => new TestCaseData(r.Name).SetArgDisplayNames(r.Name));

    [TestCaseSource(nameof(Names))]
    public Task Post_DamagedRequests_AreTakenOrRefused(string name) => RunAsync(name, 300);

    [TestCaseSource(nameof(Names)), Category("Long")]
    public Task Post_ManyDamagedRequests_AreTakenOrRefused(string name) => RunAsync(name, 20_000);

    private async Task RunAsync(string name, int requests)
    {
        var (_, path, text) = Requests.Single(r => r.Name == name);
        var good = Encoding.UTF8.GetBytes(text);
        var random = new Random(63);
        var told = new SortedDictionary<int, int>();
        for (var i = 0; i < requests; i++)
        {
            var body = good;
            for (var times = random.Next(1, 4); times > 0; times--)
                body = random.Next(2) == 0 ? Mutations.Damaged(body, random) : Retyped(body, random);
            var coding = random.Next(6) switch { 0 => "gzip", 1 => "deflate", 2 => "br", _ => null };
            if (coding is not null && random.Next(3) > 0)
                body = Packed(coding, body);
            if (coding is not null && random.Next(3) == 0)
                body = Mutations.Damaged(body, random);
            var answer = await RawHttp.SendAsync(_collector.Url, "POST", path, [.. Headers(), .. coding is null ? [] : new[] { KeyValuePair.Create("Content-Encoding", coding) }], body);
            told[answer.Status] = told.GetValueOrDefault(answer.Status) + 1;
            if (answer.Status is not (200 or 201 or 202 or 204 or 400 or 401 or 403 or 413 or 415))
                Assert.Fail($"request {i} of {name} ({coding ?? "plain"}) was answered {answer.Status} {answer.Text}: {Convert.ToHexString(body)}");
            if (answer.Status >= 400)
                answer.Text.Should().NotContain("Exception").And.NotContain("   at ");
        }

        TestContext.Out.WriteLine(string.Join(", ", told.Select(t => $"{t.Key}: {t.Value}")));
        (await RawHttp.SendAsync(_collector.Url, "POST", path, Headers(), good)).Status.Should().BeLessThan(300);
    }

    private static KeyValuePair<string, string>[] Headers() =>
        [new("Origin", "https://shop.example"), new("Bugsnag-Api-Key", Some.Key), new("X-Rollbar-Access-Token", Some.Key), new("X-API-Key", Some.Key)];

    private static byte[] Packed(string coding, byte[] body)
    {
        var packed = new MemoryStream();
        using (Stream stream = coding switch { "gzip" => new GZipStream(packed, CompressionLevel.Fastest), "br" => new BrotliStream(packed, CompressionLevel.Fastest), _ => new ZLibStream(packed, CompressionLevel.Fastest) })
            stream.Write(body);
        return packed.ToArray();
    }

    /// <summary>Another value in the place of one, in any line.</summary>
    private static byte[] Retyped(byte[] body, Random random)
    {
        var places = new List<(int Start, int End)>();
        var line = 0;
        while (line < body.Length)
        {
            var end = Array.IndexOf(body, (byte)'\n', line) is >= 0 and var found ? found : body.Length;
            Places(body.AsSpan(line, end - line), line, places);
            line = end + 1;
        }

        if (places.Count == 0)
            return Mutations.Damaged(body, random);
        var (from, to) = places[random.Next(places.Count)];
        return [.. body.AsSpan(0, from), .. Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]), .. body.AsSpan(to)];
    }

    private static void Places(ReadOnlySpan<byte> json, int offset, List<(int Start, int End)> places)
    {
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                var (start, end) = ((int)reader.TokenStartIndex + offset, (int)reader.BytesConsumed + offset);
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    open.Push(start);
                else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                    places.Add((open.Pop(), end));
                else
                    places.Add((start, reader.TokenType == JsonTokenType.PropertyName ? end - 1 : end));
            }
        }
        catch (JsonException)
        {
            // Damaged before: what was read of it still has places.
        }
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Protocols;
using ErrorPipeline.Shared.Protocols.Bugsnag;
using ErrorPipeline.Shared.Protocols.Otlp;
using ErrorPipeline.Shared.Protocols.Reports;
using ErrorPipeline.Shared.Protocols.Sentry;

namespace ErrorPipeline.Collector.Tests.Clients;

public sealed class SkimTests
{
    private static readonly (string Name, Skim Skim, string Seed)[] Skims =
    [
        ("sentry", SentrySkim.Read, "{\"event_id\":\"8c727e01279b41319bb934c49ea0d592\",\"sent_at\":\"2026-11-22T01:38:30.173Z\",\"dsn\":\"https://k@h/1\"}\n{\"type\":\"event\"}\n"
            + "{\"event_id\":\"8c727e01279b41319bb934c49ea0d592\",\"exception\":{\"values\":[{\"type\":\"A\"}]}}\n{\"type\":\"attachment\",\"length\":3}\na\nb\n"
            + "{\"type\":\"client_report\"}\n{\"discarded_events\":[{\"category\":\"error\",\"quantity\":2}]}"),
        ("store", DocumentSkim.SentryStore, """{"event_id":"8c727e01279b41319bb934c49ea0d592","message":"\ud83d a"}"""),
        ("bugsnag", BugsnagSkim.Read, """{"apiKey":"k","notifier":{"name":"n"},"events":[{"exceptions":[{"errorClass":"A"}]},{}]}"""),
        ("rollbar", DocumentSkim.Rollbar, """{"data":{"uuid":"d82f4d5d-e82b-4586-b2b6-53893676bba5","body":{"trace":{}}}}"""),
        ("airbrake", DocumentSkim.Airbrake, """{"errors":[{"type":"A"}],"context":{}}"""),
        ("rum", LineSkims.DatadogRum, "{\"type\":\"error\",\"error\":{\"id\":\"773ef7bd-f2c5-4dea-8e46-ed06d9cce2be\"}}\n{\"type\":\"view\"}\n"),
        ("logs", LineSkims.DatadogLogs, "{\"status\":\"error\",\"message\":\"a\"}\n{\"error\":{\"message\":\"b\"}}"),
        ("elastic", LineSkims.Elastic, "{\"metadata\":{\"service\":{}}}\n{\"error\":{\"id\":\"af1d1718d12ab9c16975e260a62ed7cf\"}}\n{\"transaction\":{}}\n"),
        ("otlp-logs", OtlpSkim.Logs, """{"resourceLogs":[{"resource":{"a":1},"scopeLogs":[{"scope":{},"logRecords":[{"eventName":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"A"}}]},{}]}]}]}"""),
        ("otlp-traces", OtlpSkim.Traces, """{"resourceSpans":[{"resource":{"a":1},"scopeSpans":[{"spans":[{"events":[{"name":"exception"},{"name":"b"}]}]}]}]}"""),
        ("reports", ReportSkim.Read, """[{"age":1,"type":"csp-violation","body":{}},{}]"""),
    ];

    private static IEnumerable<TestCaseData> Cases() => Skims.Select(s => new TestCaseData(s.Skim, s.Seed).SetArgDisplayNames(s.Name));

    [TestCaseSource(nameof(Cases))]
    public void Read_Seed_FindsEventsThatAreJsonOfTheirOwn(Skim skim, string seed)
    {
        var body = Encoding.UTF8.GetBytes(seed);
        var into = new SkimmedRequest();
        skim(body, new(), into).Should().BeNull();
        into.Events.Should().NotBeEmpty();
        foreach (var span in into.Events)
            JsonDocument.Parse(span.BodyOf(body)).RootElement.ValueKind.Should().Be(JsonValueKind.Object);
    }

    [Test]
    public void Read_SentryEnvelope_TellsAllThatTheCollectorNeeds()
    {
        var into = new SkimmedRequest();
        SentrySkim.Read(Encoding.UTF8.GetBytes(Skims[0].Seed), new(), into).Should().BeNull();
        into.Key.Should().Be("k");
        into.SentAt.Should().Be(1_795_311_510_173);
        into.Suppressed.Should().Be(2);
        into.Ignored.Should().BeEquivalentTo(new Dictionary<string, int> { ["attachment"] = 1, ["client_report"] = 1 });
        into.Events.Single().Id!.Value.ToString().Should().Be("8c727e01279b41319bb934c49ea0d592");
    }

    [TestCase("""{"sid":"a1","init":true,"status":"ok","errors":0,"attrs":{"release":"shop@1.4","environment":"production"}}""", 1, 0, 0, "shop@1.4")]
    [TestCase("""{"sid":"a1","init":false,"status":"ok","errors":1,"attrs":{"release":"shop@1.4"}}""", 0, 1, 0, "shop@1.4")]
    [TestCase("""{"sid":"a1","status":"crashed","errors":1}""", 0, 1, 1, "")]
    [TestCase("""{"sid":"a1","init":true,"status":"exited","errors":0,"more":{"x":[1]}}""", 1, 0, 0, "")]
    [TestCase("""{"aggregates":[{"started":"2026-11-22T01:00:00Z","exited":7,"errored":2,"crashed":1},{"exited":3,"abnormal":1},5],"attrs":{"release":"2"}}""", 14, 4, 1, "2")]
    [TestCase("""{"aggregates":[],"attrs":{"release":"2"}}""", 0, 0, 0, "2")]
    public void Read_SentrySession_TellsWhatItAddsToTheCounts(string item, int started, int hit, int crashed, string release)
    {
        var into = new SkimmedRequest();

        SentrySkim.Read(Encoding.UTF8.GetBytes("{}\n{\"type\":\"session\"}\n" + item), new(), into).Should().BeNull();

        var told = into.Sessions.Should().ContainSingle().Subject;
        (told.Started, told.Hit, told.Crashed, told.Release).Should().Be((started, hit, crashed, release));
        into.Ignored.Should().BeEmpty();
    }

    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("not json")]
    [TestCase("""{"sid":5,"init":true}""")]
    [TestCase("""{"init":true,"status":"ok"}""")]
    public void Read_SentrySessionThatIsNone_IsPassedOver_AndTheEventBesideItIsTaken(string item)
    {
        var into = new SkimmedRequest();

        SentrySkim.Read(Encoding.UTF8.GetBytes("{}\n{\"type\":\"session\"}\n" + item + "\n{\"type\":\"event\"}\n{}"), new(), into).Should().BeNull();

        into.Sessions.Should().BeEmpty();
        into.Ignored.Should().BeEquivalentTo(new Dictionary<string, int> { ["session"] = 1 });
        into.Events.Should().ContainSingle();
    }

    /// <summary>20,000 damaged bodies for each skim: whatever it takes is JSON of its own within the limits.</summary>
    [TestCaseSource(nameof(Cases))]
    public void Read_Mutations_NeverThrowAndTakeOnlyJson(Skim skim, string seed)
    {
        var random = new Random(20261122);
        var original = Encoding.UTF8.GetBytes(seed);
        var into = new SkimmedRequest();
        var taken = 0;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 20_000; i++)
        {
            var body = Mutate(random, original);
            if (skim(body, new(), into) is not null)
                continue;
            into.Events.Count.Should().BeLessThanOrEqualTo(100);
            foreach (var span in into.Events)
            {
                JsonDocument.Parse(span.BodyOf(body)).Dispose();
                taken++;
            }
        }

        taken.Should().BePositive();
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
    }

    [Test]
    public void LogsToJson_Record_IsTheJsonForm()
    {
        byte[] attribute = Message(6, [.. Message(1, "exception.type"u8), .. Message(2, Message(1, "TypeError"u8))]);
        byte[] record = [0x09, 0x15, 0xcd, 0x5b, 0x07, 0, 0, 0, 0, 0x10, 17, .. Message(12, "exception"u8), .. attribute];
        byte[] resource = Message(1, Message(1, [.. Message(1, "service.name"u8), .. Message(2, Message(1, "shop"u8))]));
        var body = Message(1, [.. resource, .. Message(2, [.. Message(1, Message(1, "web"u8)), .. Message(2, record)])]);

        var json = OtlpProtobuf.LogsToJson(body, new(), out var failure);
        failure.Should().BeNull();
        Encoding.UTF8.GetString(json!).Should().Be(
            """{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeLogs":[{"scope":{"name":"web"},"""
            + """ "logRecords":[{"timeUnixNano":"123456789","severityNumber":17,"attributes":[{"key":"exception.type","value":{"stringValue":"TypeError"}}],"eventName":"exception"}]}]}]}""".TrimStart());
        var into = new SkimmedRequest();
        OtlpSkim.Logs(json, new(), into).Should().BeNull();
        into.Events.Should().ContainSingle();

        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
            if (OtlpProtobuf.LogsToJson(Mutate(random, body), new(), out _) is { } cleaned)
                JsonDocument.Parse(cleaned).Dispose();
    }

    private static byte[] Message(int field, ReadOnlySpan<byte> body) => [(byte)(field << 3 | 2), (byte)body.Length, .. body];

    private static byte[] Mutate(Random random, byte[] original)
    {
        var body = original.ToList();
        for (var edits = random.Next(1, 4); edits > 0 && body.Count > 0; edits--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(5))
            {
                case 0:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1:
                    body.RemoveRange(at, Math.Min(random.Next(1, 9), body.Count - at));
                    break;
                case 2:
                    body.Insert(at, "{}[]\",:\n0\\"u8[random.Next(10)]);
                    break;
                case 3:
                    body.InsertRange(random.Next(body.Count), original.AsSpan(at % original.Length, Math.Min(20, original.Length - (at % original.Length))).ToArray());
                    break;
                default:
                    body.RemoveRange(at, body.Count - at);
                    break;
            }
        }

        return [.. body];
    }
}

using System.Diagnostics;
using System.Text;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Protocols;
using ErrorPipeline.Shared.Protocols.Bugsnag;
using ErrorPipeline.Shared.Protocols.Native;
using ErrorPipeline.Shared.Protocols.Otlp;
using ErrorPipeline.Shared.Protocols.Reports;
using ErrorPipeline.Shared.Protocols.Sentry;
using ErrorPipeline.Workers.Normalize.Protocols;

namespace ErrorPipeline.Workers.Tests.Normalize.Protocols;

/// <summary>
/// What the collector cuts out of a request is what the adapter behind it reads, event by event, in whole requests and in damaged ones:
/// whatever a skim takes is undamaged to its adapter, and the events of the corpus come out in order under their own ids.
/// </summary>
public class SkimAndAdapterTests
{
    /// <summary>The request around the events of the corpus, as the client of the protocol puts it.</summary>
    private static readonly (string Protocol, Skim Skim, Func<IReadOnlyList<string>, string> Request, string? Id)[] Wires =
    [
        ("native", NativeSkim.Read, events => "{\"sentAt\":1799999940000,\"events\":[" + string.Join(',', events) + "]}", "id"),
        ("sentry", SentrySkim.Read, events => "{}\n" + string.Join('\n', events.Select(e => "{\"type\":\"event\"}\n" + e)) + "\n{\"type\":\"session\"}\n{}", "event_id"),
        ("sentry-feedback", SentrySkim.Read, events => "{}\n" + string.Join('\n', events.Select(e => "{\"type\":\"feedback\"}\n" + e)), "event_id"),
        ("bugsnag", BugsnagSkim.Read, events => "{\"apiKey\":\"k\",\"events\":[" + string.Join(',', events) + "],\"notifier\":{\"name\":\"n\"}}", null),
        ("rollbar", DocumentSkim.Rollbar, events => events[0], null),
        ("airbrake", DocumentSkim.Airbrake, events => events[0], null),
        ("honeybadger", DocumentSkim.Honeybadger, events => events[0], null),
        ("raygun", DocumentSkim.Raygun, events => events[0], null),
        ("trackjs", DocumentSkim.TrackJs, events => events[0], null),
        ("datadog-rum", LineSkims.DatadogRum, events => string.Join('\n', events) + "\n{\"type\":\"view\"}\n", null),
        ("datadog-logs", LineSkims.DatadogLogs, events => string.Join('\n', events), null),
        ("elastic", LineSkims.Elastic, events => "{\"metadata\":{\"service\":{\"name\":\"s\"}}}\n" + string.Join('\n', events.Select(e => "{\"error\":" + e + "}")) + "\n{\"transaction\":{}}\n", "id"),
        ("otlp-logs", OtlpSkim.Logs, events => "{\"resourceLogs\":[{\"resource\":{},\"scopeLogs\":[{\"scope\":{},\"logRecords\":[{}," + string.Join(',', events) + "]}]}]}", null),
        ("otlp-traces", OtlpSkim.Traces, events => "{\"resourceSpans\":[{\"resource\":{},\"scopeSpans\":[{\"spans\":[{\"events\":[{\"name\":\"other\"}," + string.Join(',', events) + "]}]}]}]}", null),
        ("csp-report", DocumentSkim.CspReport, events => events[0], null),
        ("browser-report", ReportSkim.Read, events => "[" + string.Join(',', events) + "]", null),
    ];

    private static IEnumerable<TestCaseData> Cases() => Wires.Select(wire => new TestCaseData(wire.Protocol).SetArgDisplayNames(wire.Protocol));

    [TestCaseSource(nameof(Cases))]
    public void Skim_RequestOfSeveralEvents_HandsTheAdapterEachUnderItsOwnId(string protocol)
    {
        var (_, skim, request, id) = Wires.Single(wire => wire.Protocol == protocol);
        var ids = id is null ? [null, null, null] : Enumerable.Range(1, 3).Select(n => (string?)Some.EventId(n)).ToArray();
        var events = ids.Select((value, n) => Event(protocol, $"number {n}", id, value)).ToList();
        var body = Encoding.UTF8.GetBytes(request(events));
        var into = new SkimmedRequest();

        skim(body, new(), into).Should().BeNull();

        var told = into.Events.Select(span => Adapters.Of(protocol)(span.BodyOf(body))).ToList();
        told.Should().OnlyContain(read => !read.Damaged);
        // Some protocols have one event to a request.
        told.Should().HaveCount(request(events) == events[0] ? 1 : events.Count);
        for (var n = 0; n < told.Count; n++)
            told[n].Fault.Message.Should().Contain($"number {n}");
        into.Events.Select(span => span.Id?.ToString()).Should().Equal(ids.Take(told.Count));
    }

    [TestCaseSource(nameof(Cases))]
    public void Skim_DamagedRequests_TakesOnlyWhatTheAdapterReadsWhole(string protocol) => Run(protocol, 5_000);

    [TestCaseSource(nameof(Cases)), Category("Long")]
    public void Skim_AMillionDamagedRequests_TakesOnlyWhatTheAdapterReadsWhole(string protocol) => Run(protocol, 1_000_000);

    private static void Run(string protocol, int mutations)
    {
        var (_, skim, request, id) = Wires.Single(wire => wire.Protocol == protocol);
        var original = Encoding.UTF8.GetBytes(request([Event(protocol, "a", id, Some.EventId(1)), Event(protocol, "b", id, Some.EventId(2))]));
        var adapter = Adapters.Of(protocol);
        var random = new Random(62);
        var into = new SkimmedRequest();
        var taken = 0;
        var clock = new Stopwatch();
        for (var i = 0; i < mutations; i++)
        {
            var body = Mutations.Of(original, random);
            clock.Restart();
            var refused = skim(body, new(), into);
            var damaged = refused is null && into.Events.Exists(span => adapter(span.BodyOf(body)).Damaged);
            if (clock.Elapsed > Mutations.Hang)
            {
                // A machine that was held up is not held up twice at the same mutation.
                clock.Restart();
                skim(body, new(), into);
            }

            if (damaged || clock.Elapsed > Mutations.Hang)
                Assert.Fail($"mutation {i} of {protocol}, {clock.Elapsed}: {Encoding.UTF8.GetString(body)}");
            taken += refused is null ? into.Events.Count : 0;
        }

        taken.Should().BePositive();
    }

    /// <summary>The smallest event of a protocol that tells a message.</summary>
    private static string Event(string protocol, string message, string? id, string? value)
    {
        var text = protocol switch
        {
            "native" => """{OWN"type":"Error","message":"SAID"}""",
            "sentry" => """{OWN"exception":{"values":[{"type":"Error","value":"SAID"}]}}""",
            "sentry-feedback" => """{OWN"contexts":{"feedback":{"message":"SAID"}}}""",
            "bugsnag" => """{"exceptions":[{"errorClass":"Error","errorMessage":"SAID"}]}""",
            "rollbar" => """{"data":{"body":{"trace":{"exception":{"class":"Error","message":"SAID"}}}}}""",
            "airbrake" => """{"errors":[{"type":"Error","message":"SAID"}]}""",
            "honeybadger" => """{"error":{"class":"Error","message":"SAID"}}""",
            "raygun" => """{"Details":{"Error":{"ClassName":"Error","Message":"SAID"}}}""",
            "trackjs" => """{"message":"SAID","entry":"direct"}""",
            "datadog-rum" => """{"type":"error","error":{"type":"Error","message":"SAID"}}""",
            "datadog-logs" => """{"status":"error","message":"SAID"}""",
            "elastic" => """{OWN"exception":{"type":"Error","message":"SAID"}}""",
            "otlp-logs" => """{"eventName":"exception","attributes":[{"key":"exception.message","value":{"stringValue":"SAID"}}]}""",
            "otlp-traces" => """{"name":"exception","attributes":[{"key":"exception.message","value":{"stringValue":"SAID"}}]}""",
            "csp-report" => """{"csp-report":{"effective-directive":"img-src","blocked-uri":"SAID"}}""",
            _ => """{"type":"deprecation","body":{"id":"x","message":"SAID"}}""",
        };
        return text.Replace("SAID", message, StringComparison.Ordinal).Replace("OWN", id is null ? "" : $"\"{id}\":\"{value}\",", StringComparison.Ordinal);
    }
}

using System.Text;
using System.Text.Json;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Collector.Tests.Clients;

/// <summary>Requests of real clients, byte for byte, against the real collector.</summary>
[TestFixture]
public sealed class CaptureTests
{
    private TempFolder _folder = null!;
    private RunningCollector _collector = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _folder = new();
        var config = new ConfigSnapshot { Revision = 1, Projects = [new() { Id = 42, Name = "shop", Keys = Captures.Keys }] };
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "config.json"), JsonSerializer.SerializeToUtf8Bytes(config, ContractsJson.Default.ConfigSnapshot));
        _collector = await RunningCollector.StartAsync(_folder.Path, configured: false);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _collector.DisposeAsync();
        _folder.Dispose();
    }

    [TestCaseSource(typeof(Captures), nameof(Captures.Files))]
    public async Task Replay_Capture_IsAnsweredAsItsClientExpectsAndLogged(string path)
    {
        foreach (var request in Captures.Read(path))
        {
            var before = Lanes();
            var answer = await RawHttp.SendAsync(_collector.Url, request.Method, request.Path, request.Headers, request.Body);
            var logged = Lanes().Zip(before).SelectMany(lane => lane.First.Skip(lane.Second.Count)).ToList();
            var told = $"{request.Method} {request.Path} was answered {answer.Status} {answer.Text}";

            if (request.IsPreflight)
            {
                answer.Status.Should().Be(204, told);
                answer["Access-Control-Allow-Origin"].Should().Be(request.Headers["Origin"]);
                answer["Access-Control-Allow-Headers"].Should().Be(request.Headers["Access-Control-Request-Headers"]);
                answer["Access-Control-Allow-Methods"].Should().Contain(request.Headers["Access-Control-Request-Method"]);
                answer["Access-Control-Max-Age"].Should().NotBeNull();
                continue;
            }

            if (request.Headers.TryGetValue("Origin", out var origin))
                answer["Access-Control-Allow-Origin"].Should().Be(origin);
            ShouldBeUnderstood(request, answer, told);
            var expected = ExpectedEvents.Of(request);
            logged.Should().HaveCount(expected.Count, told);
            if (expected.Ids.Count > 0)
                logged.Select(e => e.EventId).Should().BeEquivalentTo(expected.Ids);
            foreach (var error in logged)
            {
                error.Should().BeEquivalentTo(new { ProjectId = 42, expected.Protocol, UserAgent = request.Headers["User-Agent"] });
                ShouldBeOneEvent(error);
                if (request.Path.Contains("/envelope/", StringComparison.Ordinal) || expected.Protocol is "bugsnag" or "datadog-rum")
                    error.SentAt.Should().BeGreaterThan(1_700_000_000_000);
            }
        }
    }

    private static void ShouldBeUnderstood(Captured request, RawAnswer answer, string told)
    {
        using var json = answer["Content-Type"] == "application/json" && answer.Body.Length > 0 ? JsonDocument.Parse(answer.Text) : null;
        switch (request.Client)
        {
            case var sentry when sentry.StartsWith("sentry", StringComparison.Ordinal):
                answer.Status.Should().Be(200, told);
                json.Should().NotBeNull(told);
                break;
            case "rollbar":
                answer.Status.Should().Be(200, told);
                json!.RootElement.GetProperty("err").GetInt32().Should().Be(0);
                request.Text.Should().Contain($"\"uuid\":\"{json.RootElement.GetProperty("result").GetProperty("uuid").GetString()}\"");
                break;
            case "airbrake" when request.Method == "GET":
                answer.Status.Should().Be(200, told);
                json!.RootElement.GetProperty("settings").GetArrayLength().Should().BePositive();
                break;
            case "airbrake":
                answer.Status.Should().Be(201, told);
                json!.RootElement.GetProperty("id").GetString().Should().NotBeEmpty();
                json.RootElement.GetProperty("url").ValueKind.Should().Be(JsonValueKind.String);
                break;
            case "honeybadger":
                answer.Status.Should().Be(201, told);
                json!.RootElement.GetProperty("id").GetString().Should().NotBeEmpty();
                break;
            case "trackjs" when request.Method == "GET":
                answer.Status.Should().Be(200, told);
                answer["Content-Type"].Should().Be("image/gif");
                Encoding.ASCII.GetString(answer.Body, 0, 6).Should().Be("GIF89a");
                break;
            case "otel":
                answer.Status.Should().Be(200, told);
                answer.Text.Should().Be("""{"partialSuccess":{}}""");
                break;
            case var native when native.StartsWith("native", StringComparison.Ordinal):
                answer.Status.Should().Be(204, told);
                break;
            case "elastic-apm":
                answer.Status.Should().Be(202, told);
                answer["Access-Control-Allow-Credentials"].Should().Be("true");
                break;
            default:
                answer.Status.Should().Be(202, told);
                break;
        }
    }

    private static void ShouldBeOneEvent(RawError error)
    {
        using var json = JsonDocument.Parse(error.Body);
        var parts = json.RootElement.EnumerateObject().Select(p => p.Name).ToList();
        string[]? wanted = error.Protocol switch
        {
            "bugsnag" => ["notifier", "event"],
            "elastic" => ["metadata", "error"],
            "otlp-logs" => ["resource", "scope", "record"],
            "otlp-traces" => ["resource", "span", "event"],
            _ => null,
        };
        if (wanted is not null)
        {
            parts.Should().Equal(wanted);
            json.RootElement.EnumerateObject().Should().OnlyContain(p => p.Value.EnumerateObject().Any());
        }
    }

    private List<RawError>[] Lanes() => [TestLog.Read(_collector.Log.Folder, 0), TestLog.Read(_collector.Log.Folder, 1)];
}

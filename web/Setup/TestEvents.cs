using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ErrorPipeline.Web.Setup;

/// <summary>
/// One error in the words of every client, with ids and times of its own each time. It is the same error for all, so all of them
/// meet in one issue.
/// </summary>
internal sealed class TestEvents(string collector, string key, DateTimeOffset now)
{
    public const string Type = "TestEvent";
    public const string Message = "This is a test event of the setup page";
    public const string Environment = "setup-test";
    private const string Page = "https://your-site.example/";
    private const string Script = "https://your-site.example/app.js";
    private const string Stack = $"{Type}: {Message}\n    at sendTestEvent (https://your-site.example/app.js:12:9)\n    at onClick (https://your-site.example/app.js:40:3)";
    private const string Json = "application/json";
    private const string Plain = "text/plain;charset=UTF-8";

    private readonly string _id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private string Iso => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private long Ms => now.ToUnixTimeMilliseconds();

    /// <summary>Null for a client that is not known.</summary>
    public TestEvent? Of(string slug) => slug switch
    {
        "snippet" => Send($"/api/{key}/events", Plain, new
        {
            sentAt = Ms,
            events = new[] { new { id = _id, timestamp = Ms, type = Type, message = Message, stack = Stack, url = Page, handled = true, environment = Environment } },
        }),
        "sentry" => Send($"/api/1/envelope/?sentry_version=7&sentry_key={key}", Plain, Sentry()),
        "bugsnag" => Send("/notify", Json, Bugsnag(), ("Bugsnag-Api-Key", key), ("Bugsnag-Payload-Version", "4"), ("Bugsnag-Sent-At", Iso)),
        "rollbar" => Send("/api/1/item/", Json, Rollbar(), ("X-Rollbar-Access-Token", key)),
        "airbrake" => Send($"/api/v3/projects/1/notices?key={key}", Plain, new
        {
            errors = new[] { new { type = Type, message = Message, backtrace = Frames((function, line, column) => new { function, file = Script, line, column }) } },
            context = new { severity = "error", environment = Environment, url = Page },
        }),
        "honeybadger" => Send("/v1/notices/js", Json, Honeybadger(), ("X-API-Key", key)),
        "raygun" => Send($"/entries?apikey={key}", Plain, Raygun()),
        "trackjs" => Send($"/capture?token={key}&v=3", Plain, new
        {
            message = Message,
            stack = Stack,
            entry = "direct",
            timestamp = Iso,
            url = Page,
            customer = new { token = key },
            environment = new { originalUrl = Page },
        }),
        "elastic" => Send($"/api/{key}/elastic/intake/v2/rum/events", "application/x-ndjson", Elastic()),
        "datadog" => Send($"/api/{key}/datadog?ddforward=%2Fapi%2Fv2%2Frum%3Fddsource%3Dbrowser", Plain, new
        {
            type = "error",
            date = Ms,
            ddtags = $"env:{Environment}",
            view = new { url = Page },
            error = new { id = Guid.NewGuid().ToString(), type = Type, message = Message, stack = Stack, handling = "handled", source = "custom" },
        }),
        "opentelemetry" => Send($"/api/{key}/otlp/v1/logs", Json, OpenTelemetry()),
        "browser" => Send($"/api/{key}/reports", "application/csp-report", Report()),
        _ => null,
    };

    private TestEvent Send(string path, string type, object body, params (string Name, string Value)[] headers) =>
        new(collector + path, new Dictionary<string, string>([new("Content-Type", type), .. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]), body as string ?? JsonSerializer.Serialize(body));

    /// <summary>Newest first, as most clients tell them.</summary>
    private static T[] Frames<T>(Func<string, int, int, T> frame) => [frame("sendTestEvent", 12, 9), frame("onClick", 40, 3)];

    private string Sentry()
    {
        var frames = Frames((function, lineno, colno) => new { filename = Script, function, lineno, colno, in_app = true });
        return string.Join('\n', JsonSerializer.Serialize(new { event_id = _id, sent_at = Iso }), """{"type":"event"}""", JsonSerializer.Serialize(new
        {
            event_id = _id,
            timestamp = Ms / 1000.0,
            platform = "javascript",
            level = "error",
            environment = Environment,
            exception = new { values = new[] { new { type = Type, value = Message, mechanism = new { type = "generic", handled = true }, stacktrace = new { frames = frames.Reverse() } } } },
            request = new { url = Page },
        }));
    }

    private object Bugsnag() => new
    {
        apiKey = key,
        notifier = new { name = "Setup page", version = "1" },
        events = new[]
        {
            new
            {
                exceptions = new[]
                {
                    new
                    {
                        errorClass = Type,
                        errorMessage = Message,
                        type = "browserjs",
                        stacktrace = Frames((method, lineNumber, columnNumber) => new { file = Script, method, lineNumber, columnNumber }),
                    },
                },
                severity = "error",
                unhandled = false,
                severityReason = new { type = "handledException" },
                app = new { releaseStage = Environment },
                device = new { time = Iso },
                request = new { url = Page },
            },
        },
    };

    private object Rollbar() => new
    {
        data = new
        {
            uuid = Guid.NewGuid().ToString(),
            level = "error",
            environment = Environment,
            timestamp = Ms / 1000,
            client = new { timestamp = Ms / 1000 },
            request = new { url = Page },
            body = new
            {
                trace = new
                {
                    exception = new { @class = Type, message = Message },
                    frames = Frames((method, lineno, colno) => new { filename = Script, method, lineno, colno }).Reverse(),
                },
            },
        },
    };

    private object Honeybadger() => new
    {
        error = new { @class = Type, message = Message, backtrace = Frames((method, number, column) => new { file = Script, method, number, column }) },
        request = new { url = Page },
        server = new { environment_name = Environment, time = now.ToString("R", System.Globalization.CultureInfo.InvariantCulture) },
    };

    private object Raygun() => new
    {
        OccurredOn = Iso,
        Details = new
        {
            Error = new
            {
                ClassName = Type,
                Message,
                StackTrace = Frames((method, line, column) => new { FileName = Script, MethodName = method, LineNumber = line, ColumnNumber = column }),
                StackString = Stack,
            },
            Request = new { Url = Page },
        },
    };

    private static string Elastic() => string.Join(
        '\n',
        JsonSerializer.Serialize(new { metadata = new { service = new { name = "setup", environment = Environment } } }),
        JsonSerializer.Serialize(new
        {
            error = new
            {
                id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
                exception = new
                {
                    type = Type,
                    message = Message,
                    stacktrace = Frames((function, lineno, colno) => new { abs_path = Script, filename = "app.js", function, lineno, colno }),
                },
                context = new { page = new { url = Page } },
            },
        }),
        "");

    private string OpenTelemetry()
    {
        static JsonObject Attribute(string name, string value) => new() { ["key"] = name, ["value"] = new JsonObject { ["stringValue"] = value } };
        var record = new JsonObject
        {
            ["timeUnixNano"] = $"{Ms}000000",
            ["severityNumber"] = 17,
            ["eventName"] = "exception",
            ["attributes"] = new JsonArray(
                Attribute("exception.type", Type), Attribute("exception.message", Message), Attribute("exception.stacktrace", Stack), Attribute("url.full", Page)),
        };
        return new JsonObject
        {
            ["resourceLogs"] = new JsonArray(new JsonObject
            {
                ["resource"] = new JsonObject { ["attributes"] = new JsonArray(Attribute("service.name", "setup"), Attribute("deployment.environment.name", Environment)) },
                ["scopeLogs"] = new JsonArray(new JsonObject { ["logRecords"] = new JsonArray(record) }),
            }),
        }.ToJsonString();
    }

    /// <summary>A browser tells no errors of its own, so this is what it does tell.</summary>
    private static string Report() => new JsonObject
    {
        ["csp-report"] = new JsonObject
        {
            ["document-uri"] = Page,
            ["effective-directive"] = "img-src",
            ["violated-directive"] = "img-src",
            ["original-policy"] = "img-src 'self'",
            ["disposition"] = "report",
            ["blocked-uri"] = "https://setup-test.example/pixel.gif",
            ["source-file"] = Script,
            ["line-number"] = 12,
            ["column-number"] = 9,
            ["status-code"] = 200,
        },
    }.ToJsonString();
}

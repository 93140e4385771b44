using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Otlp;

/// <summary>OpenTelemetry: a log record that tells of an exception, or the exception event of a span.</summary>
internal static class OtlpAdapter
{
    private const double Nanoseconds = 1e-6;

    public static ReadEvent ReadLog(JsonValue body)
    {
        var (record, scope) = (body["record"], body["scope"]);
        var told = new Attributes(record["attributes"]);
        // Only the instrumentation of the window reports what nobody caught.
        var uncaught = told["exception.escaped"].Scalar(5) == "true" || scope["name"].Text(FieldLimits.Name)?.Contains("web-exception", StringComparison.Ordinal) == true;
        var read = Read(body, told, Told.Message(Attributes.Inside(record["body"]))) with
        {
            Timestamp = record["timeUnixNano"].Time(Nanoseconds) ?? record["observedTimeUnixNano"].Time(Nanoseconds),
            Level = Level(record["severityNumber"].Number(), record["severityText"].Text(20)),
            Mechanism = uncaught ? "onerror" : "capture",
            Handled = !uncaught,
        };
        if (read.Fault.Type is not null)
            return read;
        var isSaid = !uncaught && told.First("exception.message", "exception.stacktrace").IsNothing;
        return read with { Fault = read.Fault with { Type = isSaid ? Wording.Said : uncaught ? Wording.TypeOf(read.Fault.Message) ?? Wording.Thrown : null } };
    }

    public static ReadEvent ReadSpan(JsonValue body)
    {
        var (span, happened) = (body["span"], body["event"]);
        var told = new Attributes(span["attributes"], happened["attributes"]);
        var escaped = told["exception.escaped"].Scalar(5) == "true";
        return Read(body, told, Told.Message(span["status"]["message"])) with
        {
            Timestamp = happened["timeUnixNano"].Time(Nanoseconds) ?? span["endTimeUnixNano"].Time(Nanoseconds),
            Mechanism = "capture",
            Handled = !escaped,
            Tags = Tags(body, told).Add("span", span["name"]).ToList(),
        };
    }

    private static ReadEvent Read(JsonValue body, Attributes told, string? said)
    {
        var resource = new Attributes(body["resource"]["attributes"]);
        JsonValue Any(params ReadOnlySpan<string> names) => told.First(names) is { IsNothing: false } own ? own : resource.First(names);
        return new()
        {
            Fault = new(Told.Type(told["exception.type"]), Wording.Bare(Told.Message(told["exception.message"]) ?? said), Told.Stack(told["exception.stacktrace"])),
            Url = Told.Url(Any("url.full", "http.url", "page.url", "location.href")),
            Referrer = Told.Url(Any("http.request.header.referer", "document.referrer")),
            UserAgent = Told.Url(Any("user_agent.original", "browser.user_agent", "http.user_agent")),
            Release = Told.Name(Any("service.version")),
            Environment = Told.Name(Any("deployment.environment.name", "deployment.environment")),
            User = Told.User(Told.Name(Any("user.id", "enduser.id")), Told.Name(Any("user.email")), Told.Name(Any("user.full_name", "user.name"))),
            Session = Told.Name(Any("session.id")),
            Tags = Tags(body, told).ToList(),
            Meta = told.Rest(),
            Sdk = Told.Sdk(body["scope"]["name"], body["scope"]["version"]) ?? Told.Sdk(resource["telemetry.sdk.name"], resource["telemetry.sdk.version"]),
        };
    }

    private static TagList Tags(JsonValue body, Attributes told) =>
        new TagList().Add("service", new Attributes(body["resource"]["attributes"])["service.name"]).Add("route", told.First("http.route", "url.template"));

    /// <summary>Severity numbers come in fours: trace, debug, info, warn, error, fatal.</summary>
    private static string Level(double? number, string? word) => number switch
    {
        >= 21 => "fatal",
        >= 17 => "error",
        >= 13 => "warning",
        >= 9 => "info",
        >= 1 => "debug",
        _ => Told.Level(word),
    };
}

namespace ErrorPipeline.Clients;

/// <summary>What a client does not tell, for a reason of its own. Each is tried: a fact that holds after all, or whose words were on the wire, fails the test.</summary>
internal static class Cannot
{
    /// <summary>In place of a fact: nothing is sent at all.</summary>
    public const string Event = "event";

    /// <summary>In place of a fact: sometimes something is sent.</summary>
    public const string Luck = "luck";

    private const string NoId = "it gives its events no id: the collector does";
    private const string Drops = "it drops \"Script error.\" itself";
    private const string NoReason = "it drops rejections without a reason";
    private const string Ends = "its requests end with the page: what is told while the page is being left is mostly lost";
    private const string NoCause = "it does not send `error.cause`";
    private const string NoErrors = "it does not send the errors of an AggregateError";
    private const string NoTrail = "it sends no breadcrumbs with an error";
    private const string NoKey = "it has no grouping key";
    private const string NoDebugId = "it knows no debug ids";
    private const string NoLevel = "its messages are errors";

    private static readonly string[] Sentry = ["sentry5", "sentry6", "sentry7", "sentry8", "sentry9", "sentry10", "sentry11"];
    private static readonly string[] Otel = ["otel-json", "otel-protobuf"];
    private static readonly string[] Elastic = ["elastic", "elastic-v3"];
    private static readonly string[] Datadog = ["datadog-logs", "datadog-rum"];
    private static readonly string[] Trail = ["breadcrumb: console", "breadcrumb: click", "breadcrumb: http", "breadcrumb: navigation", "breadcrumb: cart"];

    private static readonly IReadOnlyList<(string[] Clients, string[] Cases, string[] Facts, string Why)> All =
    [
        (["bugsnag", "airbrake", "honeybadger", "raygun", "trackjs", "datadog-logs", .. Otel], [], ["event id"], NoId),
        (["raygun", "trackjs"], [], ["environment"], "it has no field for the environment"),
        (["trackjs"], [], ["email"], "its users have an id only"),
        (["raygun"], ["uncaught", "shallow", "listener", "rejected-error", "rejected-string", "rejected-object", "rejected-undefined", "message", "script-error"], ["tags"], "its tags belong to single reports"),
        ([.. Sentry, "bugsnag", "airbrake", "honeybadger", .. Otel], ["script-error"], [Event], Drops),
        (["airbrake", "trackjs", .. Otel], ["rejected-undefined"], [Event], NoReason),
        (["sentry5", "sentry6", "bugsnag", "rollbar", "airbrake", "honeybadger", "raygun", "trackjs", .. Elastic], ["hidden"], [Luck], Ends),
        (["raygun"], ["rejected-undefined"], ["type", "message"], "it sends an error of its own making"),
        (["raygun"], ["rejected-object"], ["value"], "it sends \"Script error\" for a rejected object"),
        (["airbrake"], ["rejected-object"], ["value"], "it sends \"[object Object]\" for a rejected object"),
        (["trackjs"], ["rejected-string", "rejected-object"], ["type"], "it sends an error of its own making"),
        (Otel, ["rejected-string", "rejected-object"], ["type"], "thrown and rejected values look alike"),
        (Otel, ["rejected-object"], ["value"], "it tells only name, message and stack of a rejected object"),
        (["sentry5", "sentry6", "bugsnag", "rollbar", "airbrake", "honeybadger", "raygun", "trackjs", .. Elastic, .. Otel], ["handled"], ["debug id"], NoDebugId),
        (["bugsnag"], ["handled"], ["level"], "it calls handled errors warnings"),
        (["honeybadger", "trackjs", .. Datadog, .. Elastic, .. Otel], ["message"], ["level"], NoLevel),
        (["raygun"], ["message"], ["level"], NoLevel),
        (["airbrake", "trackjs", .. Elastic, .. Otel], ["fingerprint"], ["fingerprint"], NoKey),
        (["elastic-v3"], ["handled", "fingerprint", "breadcrumbs", "aggregate", "long", "unicode"], ["type"], "version 3 of its intake has no type of an exception"),
        ([.. Datadog, .. Elastic, .. Otel], ["breadcrumbs"], Trail, NoTrail),
        (["airbrake", "trackjs"], ["breadcrumbs"], ["breadcrumb: cart"], "it has no call to leave a breadcrumb"),
        (["trackjs"], ["breadcrumbs"], ["breadcrumb: console"], "it reports console.error as an error of its own, and begins a new trail"),
        (["airbrake", "raygun", "trackjs", .. Elastic, .. Otel], ["cause"], ["causes"], NoCause),
        (["sentry5", "sentry6", "bugsnag", "rollbar", "airbrake", "honeybadger", "raygun", "trackjs", .. Datadog, .. Elastic, .. Otel], ["aggregate"], ["errors"], NoErrors),
        (["sentry5", "sentry6", "sentry7", "sentry8"], ["long"], ["message"], "it cuts messages at 250 characters"),
        (["airbrake"], ["long"], ["message"], "it cuts messages at 1,024 characters"),
        (["raygun"], ["long"], ["message"], "it cuts messages at 512 characters"),
    ];

    public static string? Of(string client, string @case, string fact) => All
        .Where(c => c.Clients.Contains(client) && (c.Cases.Length == 0 || c.Cases.Contains(@case)) && c.Facts.Contains(fact)).Select(c => c.Why).FirstOrDefault();
}

namespace ErrorPipeline.Web.Issues;

/// <summary>What a breadcrumb tells of. Clients name their kinds each in their own words.</summary>
public enum CrumbKind { Other, Navigation, Click, Request, Console, Error }

internal static class CrumbKinds
{
    public static CrumbKind Of(string? category, string? level) => (category ?? "").Trim().ToLowerInvariant() switch
    {
        "navigation" or "history" or "pageview" or "route" or "routing" or "page" or "load" or "view" => CrumbKind.Navigation,
        "click" or "user" or "dom" or "input" or "keypress" or "action" or "touch" or "interaction" => CrumbKind.Click,
        "fetch" or "xhr" or "http" or "request" or "network" or "resource" or "websocket" or "beacon" or "ajax" or "httprequest" => CrumbKind.Request,
        "console" or "log" or "debug" or "info" or "warn" or "warning" or "message" => CrumbKind.Console,
        "error" or "exception" or "unhandledrejection" or "sentry" or "sentry.event" => CrumbKind.Error,
        var other when other.StartsWith("ui", StringComparison.Ordinal) => CrumbKind.Click,
        var other when other.StartsWith("console", StringComparison.Ordinal) => CrumbKind.Console,
        var other when other.StartsWith("navigation", StringComparison.Ordinal) => CrumbKind.Navigation,
        _ when level is "error" or "fatal" => CrumbKind.Error,
        _ => CrumbKind.Other,
    };

    public static string Name(CrumbKind kind) => kind switch
    {
        CrumbKind.Navigation => "went to",
        CrumbKind.Click => "did",
        CrumbKind.Request => "asked for",
        CrumbKind.Console => "wrote",
        CrumbKind.Error => "failed",
        _ => "",
    };
}

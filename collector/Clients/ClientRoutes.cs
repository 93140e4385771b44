namespace ErrorPipeline.Collector.Clients;

/// <summary>
/// One table from the addresses that clients are built for to how they are spoken to; see docs/clients-setup.md. A client that
/// can carry the project's key itself keeps the address that it would use with its own service.
/// </summary>
internal static class ClientRoutes
{
    private static readonly FixedAnswer Session = FixedAnswer.Json(202, """{"status":"accepted"}""", "session");
    private static readonly FixedAnswer Usage = FixedAnswer.Json(202, "{}", "usage");
    private static readonly FixedAnswer Insight = FixedAnswer.Json(201, "{}", "event");
    private static readonly FixedAnswer Replay = FixedAnswer.Json(202, "{}", "replay");
    private static readonly FixedAnswer Performance = FixedAnswer.Json(204, "", "performance");
    private static readonly FixedAnswer ElasticSettings = FixedAnswer.Json(200, "{}");

    /// <summary>Sends errors, and nothing about performance, which nobody would read.</summary>
    private static readonly FixedAnswer AirbrakeSettings = FixedAnswer.Json(
        200, """{"poll_sec":3600,"settings":[{"name":"errors","enabled":true,"endpoint":null},{"name":"apm","enabled":false,"endpoint":null}]}""");

    private static readonly FixedAnswer Pixel = new(
        200, "image/gif", System.Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"), null);

    private static readonly Dictionary<string, Func<HttpRequest, ClientRoute>> Paths = new(StringComparer.Ordinal)
    {
        ["/tunnel"] = _ => new(ClientProtocols.Sentry, null, null),
        ["/monitoring"] = _ => new(ClientProtocols.Sentry, null, null),
        ["/notify"] = r => new(ClientProtocols.Bugsnag, null, Header(r, "Bugsnag-Api-Key")),
        ["/sessions"] = r => new(null, Session, Header(r, "Bugsnag-Api-Key")),
        ["/api/1/item"] = r => new(ClientProtocols.Rollbar, null, Header(r, "X-Rollbar-Access-Token")),
        ["/v1/notices/js"] = r => new(ClientProtocols.Honeybadger, null, Header(r, "X-API-Key")),
        ["/v1/events"] = r => new(null, Insight, Header(r, "X-API-Key")),
        ["/entries"] = r => new(ClientProtocols.Raygun, null, Query(r, "apikey") ?? Header(r, "X-ApiKey")),
        ["/events"] = r => new(null, Usage, Query(r, "apikey")),
        ["/capture"] = r => new(ClientProtocols.TrackJs, null, Query(r, "token")),
        ["/usage.gif"] = _ => new(null, Pixel, null),
        ["/fault.gif"] = _ => new(null, Pixel, null),
        ["/api/v2/rum"] = r => Datadog(r, null),
        ["/api/v2/logs"] = r => Datadog(r, null),
        ["/api/v2/replay"] = r => Datadog(r, null),
        ["/v1/logs"] = r => Otlp(r, Bearer(r), ClientProtocols.OtlpLogs, ClientProtocols.OtlpLogsProtobuf),
        ["/v1/traces"] = r => Otlp(r, Bearer(r), ClientProtocols.OtlpTraces, ClientProtocols.OtlpTracesProtobuf),
        ["/reports"] = r => new(ClientProtocols.Reports, null, Query(r, "key")),
        ["/csp"] = r => new(ClientProtocols.Reports, null, Query(r, "key")),
    };

    /// <summary>Below /api/{key}.</summary>
    private static readonly Dictionary<string, Func<HttpRequest, string, ClientRoute>> PathsOfKey = new(StringComparer.Ordinal)
    {
        ["tunnel"] = (_, key) => new(ClientProtocols.Sentry, null, key),
        ["datadog"] = (r, key) => Datadog(r, key),
        ["datadog/api/v2/rum"] = (r, key) => Datadog(r, key),
        ["datadog/api/v2/logs"] = (r, key) => Datadog(r, key),
        ["datadog/api/v2/replay"] = (r, key) => Datadog(r, key),
        ["elastic/intake/v2/rum/events"] = (_, key) => new(ClientProtocols.Elastic, null, key),
        ["elastic/intake/v3/rum/events"] = (_, key) => new(ClientProtocols.Elastic, null, key),
        ["elastic/config/v1/rum/agents"] = (_, key) => new(null, ElasticSettings, key),
        ["otlp/v1/logs"] = (r, key) => Otlp(r, key, ClientProtocols.OtlpLogs, ClientProtocols.OtlpLogsProtobuf),
        ["otlp/v1/traces"] = (r, key) => Otlp(r, key, ClientProtocols.OtlpTraces, ClientProtocols.OtlpTracesProtobuf),
        ["reports"] = (_, key) => new(ClientProtocols.Reports, null, key),
        ["csp"] = (_, key) => new(ClientProtocols.Reports, null, key),
    };

    /// <summary>Null for addresses that no client uses.</summary>
    public static ClientRoute? Find(HttpRequest request)
    {
        var path = (request.Path.Value ?? "").TrimEnd('/');
        if (Paths.TryGetValue(path, out var route))
            return route(request);
        if (Sentry(request, path) is { } sentry)
            return sentry;
        if (path.StartsWith("/api/", StringComparison.Ordinal))
        {
            var rest = path["/api/".Length..];
            if (rest.StartsWith('v') && Airbrake(request, rest) is { } airbrake)
                return airbrake;
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && PathsOfKey.TryGetValue(rest[(slash + 1)..], out var ofKey))
                return ofKey(request, rest[..slash]);
        }

        if (path.StartsWith("/2020-06-18/config/", StringComparison.Ordinal) && path.EndsWith("/config.json", StringComparison.Ordinal))
            return new(null, AirbrakeSettings, null);
        // The proxy option may name any path.
        return request.Query.ContainsKey("ddforward") ? Datadog(request, null) : null;
    }

    /// <summary>
    /// [/prefix]/api/42/envelope and /store. The number is the project's in the DSN; the key alone decides, because a site that
    /// moves here changes host and key and should not be refused for a number that says nothing more.
    /// </summary>
    private static ClientRoute? Sentry(HttpRequest request, string path)
    {
        var isStore = path.EndsWith("/store", StringComparison.Ordinal);
        if (!isStore && !path.EndsWith("/envelope", StringComparison.Ordinal))
            return null;
        var parts = path.Split('/');
        if (parts.Length < 4 || parts[^3] != "api" || parts[^2].Length is 0 or > 20 || parts[^2].AsSpan().ContainsAnyExceptInRange('0', '9'))
            return null;
        return new(isStore ? ClientProtocols.SentryStore : ClientProtocols.Sentry, null, Query(request, "sentry_key") ?? SentryAuth(request));
    }

    /// <summary><c>Sentry sentry_version=7, sentry_key=..., sentry_client=...</c></summary>
    private static string? SentryAuth(HttpRequest request)
    {
        const string name = "sentry_key=";
        var header = Header(request, "X-Sentry-Auth") ?? Header(request, "Authorization") ?? "";
        var at = header.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var value = header.AsSpan(at + name.Length);
        var end = value.IndexOfAny(", ");
        return (end < 0 ? value : value[..end]).ToString();
    }

    /// <summary>v3/projects/42/notices and v5/projects/42/routes-stats.</summary>
    private static ClientRoute? Airbrake(HttpRequest request, string rest)
    {
        if (rest.Split('/') is not [var version, "projects", _, var what])
            return null;
        var key = Query(request, "key") ?? Bearer(request);
        return (version, what) switch
        {
            ("v3" or "v4", "notices") => new(ClientProtocols.Airbrake, null, key),
            ("v5", _) => new(null, Performance, key),
            _ => null,
        };
    }

    private static ClientRoute Datadog(HttpRequest request, string? key)
    {
        var forward = DatadogForward.Of(request);
        key ??= forward["dd-api-key"];
        return forward.Path.EndsWith("/rum", StringComparison.Ordinal) ? new(ClientProtocols.DatadogRum, null, key)
            : forward.Path.EndsWith("/logs", StringComparison.Ordinal) ? new(ClientProtocols.DatadogLogs, null, key)
            : new(null, Replay, key);
    }

    private static ClientRoute Otlp(HttpRequest request, string? key, ClientProtocol json, ClientProtocol protobuf) =>
        new(request.ContentType?.StartsWith("application/x-protobuf", StringComparison.OrdinalIgnoreCase) == true ? protobuf : json, null, key);

    private static string? Bearer(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = Header(request, "Authorization");
        return header?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) == true
            ? header[scheme.Length..].Trim()
            : Header(request, "X-API-Key") ?? Header(request, "api-key");
    }

    private static string? Header(HttpRequest request, string name) => request.Headers[name] is [{ Length: > 0 } value] ? value : null;

    private static string? Query(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } value] ? value : null;
}

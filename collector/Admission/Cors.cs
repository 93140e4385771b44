namespace ErrorPipeline.Collector.Admission;

/// <summary>
/// Lets a page read the answer where its origin is allowed, refusals too: they say what to change. Where no project is known
/// (a wrong key) nothing secret can be in the answer and any origin may read it.
/// </summary>
internal static class Cors
{
    private const string OneDay = "86400";

    /// <summary>
    /// By which the clients learn to wait; and Rollbar's, never sent, since asking for a header that is not named here
    /// makes the browser print an error on the site's console.
    /// </summary>
    private const string Exposed =
        "X-Sentry-Rate-Limits, Retry-After, X-RateLimit-Delay, ETag, " +
        "Rollbar-Replay-Enabled, Rollbar-Replay-RateLimit-Remaining, Rollbar-Replay-RateLimit-Reset";

    /// <param name="credentials">For clients that may be set to send cookies. They are not read here.</param>
    public static void Allow(HttpContext http, Project? project, bool credentials = false)
    {
        var headers = http.Response.Headers;
        headers.Vary = "Origin";
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || project?.Allows(origin) == false)
            return;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = Exposed;
        if (credentials)
            headers.AccessControlAllowCredentials = "true";
    }

    /// <summary>The answer to OPTIONS: 204 with what was asked for, 403 for an origin that may not send.</summary>
    public static void Preflight(HttpContext http, Project? project, bool credentials = false, string methods = "POST, OPTIONS")
    {
        var headers = http.Response.Headers;
        Allow(http, project, credentials);
        if (project?.Allows(http.Request.Headers.Origin) == false)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        headers.AccessControlAllowMethods = methods;
        if (http.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } wanted)
            headers.AccessControlAllowHeaders = wanted;
        headers.AccessControlMaxAge = OneDay;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}

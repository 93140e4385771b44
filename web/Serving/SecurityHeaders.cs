using System.Security.Cryptography;

namespace ErrorPipeline.Web.Serving;

/// <summary>
/// Every answer says that it runs nothing but what we wrote: even a hole in the encoding of hostile text would then stay without effect.
/// An endpoint may widen its own policy (<see cref="AllowCollector"/>, <see cref="AllowSending"/>), nothing else may.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private static readonly object NonceKey = new();
    private static readonly object PolicyKey = new();

    public Task InvokeAsync(HttpContext http)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        http.Items[NonceKey] = nonce;
        http.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = (string?)http.Items[PolicyKey] ?? Policy(NonceOf(http), scripts: "", connect: "");
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = http.Items.ContainsKey(PolicyKey) ? "strict-origin" : "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=(), browsing-topics=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.XFrameOptions = "DENY";
            headers.Remove("blazor-enhanced-nav"); // there is no Blazor script that it could speak to
            if (!headers.ContainsKey("Cache-Control"))
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }, http);
        return next(http);
    }

    /// <summary>The value that this answer's own scripts carry.</summary>
    public static string NonceOf(HttpContext http) => (string)http.Items[NonceKey]!;

    /// <summary>
    /// For the demo page alone, which runs the snippet: it may load the agent from the collector and send to it. Its referrer policy
    /// lets the origin through: under "same-origin" a beacon says "Origin: null", which no list of allowed origins would take.
    /// </summary>
    public static void AllowCollector(HttpContext http, string origin) =>
        http.Items[PolicyKey] = Policy(NonceOf(http), scripts: " " + origin, connect: " " + origin);

    /// <summary>For the setup pages, whose script sends one test event to the collector.</summary>
    public static void AllowSending(HttpContext http, string origin) => http.Items[PolicyKey] = Policy(NonceOf(http), scripts: "", connect: " " + origin);

    private static string Policy(string nonce, string scripts, string connect) =>
        $"default-src 'none'; script-src 'nonce-{nonce}'{scripts}; style-src 'self'; img-src 'self'; connect-src 'self'{connect}; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
}

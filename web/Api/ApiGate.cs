using System.Globalization;
using System.Security.Claims;
using ErrorPipeline.Web.Serving;
using ErrorPipeline.Web.SigningIn;
using ErrorPipeline.Web.SourceMaps;

namespace ErrorPipeline.Web.Api;

/// <summary>What every call of <c>/api/v1</c> passes, behind authentication: how often its caller may ask, and how far its token goes. Deny by default.</summary>
internal sealed class ApiGate(RequestDelegate next, ApiLimits limits)
{
    public static bool IsFor(HttpRequest request) => request.Path.StartsWithSegments("/api/v1", StringComparison.OrdinalIgnoreCase);

    public async Task InvokeAsync(HttpContext http)
    {
        if (!IsFor(http.Request) || http.User.Identity?.IsAuthenticated != true || IsUpload(http))
            await next(http);
        else if (!MayAsk(http))
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        else if (!Reaches(http))
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
        else
            await next(http);
    }

    /// <summary>A build sends thousands of files at once; what bounds those is their size.</summary>
    private static bool IsUpload(HttpContext http) => http.User.HasClaim(c => c.Type == UploadTokens.Claim) && TakesUploadToken.On(http);

    private bool MayAsk(HttpContext http)
    {
        var caller = http.User.FindFirstValue(ApiScopes.TokenClaim) ?? "user " + http.User.FindFirstValue(ClaimTypes.NameIdentifier);
        var taken = limits.Take(caller);
        var headers = http.Response.Headers;
        headers["RateLimit-Limit"] = Text(taken.Limit);
        headers["RateLimit-Remaining"] = Text(taken.Remaining);
        headers["RateLimit-Reset"] = Text(taken.ResetSeconds);
        if (taken.IsAllowed)
            return true;
        headers.RetryAfter = Text(taken.ResetSeconds);
        ErrorPages.Explain(http, "Too many requests", $"This token may ask {taken.Limit} times a minute. Try again in {taken.ResetSeconds} s.");
        return false;
    }

    private static bool Reaches(HttpContext http)
    {
        var endpoint = http.GetEndpoint()?.Metadata.GetMetadata<ApiEndpoint>();
        if (endpoint is not null && ApiScopes.Allows(http.User, endpoint.Scope))
            return true;
        // People come by the pages' own scripts, to endpoints that are not for tokens too.
        if (endpoint is null && http.User.Identity!.AuthenticationType != ApiTokens.Name)
            return true;
        ErrorPages.Explain(http, "Not allowed", endpoint is null
            ? "No token opens this."
            : $"This needs a token with the scope '{endpoint.Scope.Name()}', and yours has '{http.User.FindFirstValue(ApiScopes.Claim)}'. Tokens are made on the page 'Account'.");
        return false;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

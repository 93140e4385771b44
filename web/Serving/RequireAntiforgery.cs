using Microsoft.AspNetCore.Antiforgery;

namespace ErrorPipeline.Web.Serving;

/// <summary>
/// No request changes anything without the token of a form of ours. It looks at the method, not at the endpoint, so that an
/// endpoint written tomorrow is protected without anyone remembering to.
/// </summary>
internal sealed class RequireAntiforgery(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!IsSafe(http.Request.Method) && !IsByToken(http) && await RefusedAsync(http) is { } status)
            http.Response.StatusCode = status;
        else
            await next(http);
    }

    /// <summary>A browser never sends a bearer token on its own, so this needs no other proof. What the token may do here was asked before.</summary>
    private static bool IsByToken(HttpContext http) => http.User.Identity is { IsAuthenticated: true, AuthenticationType: SigningIn.ApiTokens.Name };

    private async Task<int?> RefusedAsync(HttpContext http)
    {
        try
        {
            if (await antiforgery.IsRequestValidAsync(http))
                return null;
            ErrorPages.Explain(http, "This form has expired", "Go back, reload the page and try again. If it keeps happening, allow cookies for this site.");
            return StatusCodes.Status400BadRequest;
        }
        catch (AntiforgeryValidationException e) when (e.InnerException is not null)
        {
            // Too large, cut off, or no form at all: the sender's mistake.
            return e.InnerException is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
        }
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}

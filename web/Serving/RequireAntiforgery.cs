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
        // A bearer token is never sent by a browser on its own, but nothing that changes takes one, so there is no exception.
        if (!IsSafe(http.Request.Method) && await RefusedAsync(http) is { } status)
            http.Response.StatusCode = status;
        else
            await next(http);
    }

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

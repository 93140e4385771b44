using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Web.Api;
using ErrorPipeline.Web.Components.Layout;
using ErrorPipeline.Web.SourceMaps.Sentry;
using Microsoft.AspNetCore.Diagnostics;

namespace ErrorPipeline.Web.Serving;

/// <summary>Answers that are not what was asked for: a page for people, JSend for programs, never a stack trace.</summary>
internal static class ErrorPages
{
    private static readonly object TextKey = new();

    /// <summary>Words for the page of a status that this answer will have.</summary>
    public static void Explain(HttpContext http, string title, string text) => http.Items[TextKey] = new Words(title, text);

    public static Task ShowStatusAsync(StatusCodeContext context) => ShowAsync(context.HttpContext, context.HttpContext.Response.StatusCode);

    public static Task ShowFailureAsync(HttpContext http)
    {
        var error = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        var status = error switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            StoreUnavailableException => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "5";
        http.Response.StatusCode = status;
        return ShowAsync(http, status);
    }

    private static async Task ShowAsync(HttpContext http, int status)
    {
        var words = http.Items[TextKey] as Words ?? WordsFor(status);
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        if (SentryAnswers.IsFor(http.Request))
            await SentryAnswers.Problem(status, words.Text).ExecuteAsync(http);
        else if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            await Jsend.Problem(status, CodeFor(status), words.Text).ExecuteAsync(http);
        else
            await Page.Of<StatusPage>(new() { ["Status"] = status, ["Title"] = words.Title, ["Text"] = words.Text }, status).ExecuteAsync(http);
    }

    /// <summary>For programs, like the reasons of the collector.</summary>
    private static string CodeFor(int status) => status switch
    {
        400 => "bad_request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        413 => "too_large",
        415 => "unsupported_media_type",
        429 => "rate_limited",
        503 => "unavailable",
        _ => "internal",
    };

    private static Words WordsFor(int status) => status switch
    {
        400 => new("That request was not understood", "The address or the form holds a value that this page cannot read."),
        401 => new("Sign in first", "This needs a session or a token."),
        403 => new("Not allowed", "Your account may not do this."),
        404 => new("Nothing here", "It may have been deleted, or the address was cut off."),
        405 => new("Not that way", "This address does not take that kind of request."),
        415 => new("Not in that form", "Send JSON, with 'Content-Type: application/json'."),
        413 => new("Too large", "That form is larger than this page takes."),
        429 => new("Too many attempts", "Wait a little, then try again."),
        503 => new("The store does not answer", "The database is busy or missing. Collecting goes on: nothing is lost. Try again in a moment."),
        _ => new("Something broke here", "It has been logged. Collecting errors of your sites goes on meanwhile."),
    };

    private sealed record Words(string Title, string Text);
}

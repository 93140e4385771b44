namespace ErrorPipeline.Web.SourceMaps.Sentry;

/// <summary>Answers in the form that sentry-cli and the bundler plugins read: bare JSON, and {"detail": "..."} for what went wrong.</summary>
internal static class SentryAnswers
{
    public const string Prefix = "/api/0";

    public static bool IsFor(HttpRequest request) => request.Path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);

    public static IResult Ok<T>(T value, int status = StatusCodes.Status200OK) => TypedResults.Json(value, statusCode: status);

    public static IResult Problem(int status, string detail) => TypedResults.Json(new { detail }, statusCode: status);
}

namespace ErrorPipeline.Web.Api;

/// <summary>{"status":"success","data":...}, {"status":"fail","data":{"reason","message"}} or {"status":"error","message"}.</summary>
internal static class Jsend
{
    public static IResult Success<T>(T data, int status = StatusCodes.Status200OK) => TypedResults.Json(new { status = "success", data }, statusCode: status);

    /// <summary>It will happen: the writer has it, or gets it.</summary>
    public static IResult Accepted(bool applied) => Success(new ApiAccepted(applied), StatusCodes.Status202Accepted);

    public static IResult Problem(int status, string reason, string message) => status >= 500
        ? TypedResults.Json(new { status = "error", message = $"{reason}: {message}" }, statusCode: status)
        : TypedResults.Json(new { status = "fail", data = new { reason, message } }, statusCode: status);
}

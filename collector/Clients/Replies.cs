using System.Globalization;
using System.Text;
using ErrorPipeline.Collector.Admission;

namespace ErrorPipeline.Collector.Clients;

/// <summary>The answers in each client's own form. What a client reads of them is told in docs/clients-setup.md.</summary>
internal static class Replies
{
    public static ValueTask<bool> AcceptNative(HttpContext http, Taken taken) => taken.Ids.Count == 0
        ? Json(http, 202, """{"status":"success","data":{"ids":[]}}""")
        : Answers.AcceptAsync(http, taken.Ids);

    public static ValueTask<bool> RefuseNative(HttpContext http, Refusal refusal) => Answers.RefuseAsync(http, refusal);

    public static ValueTask<bool> AcceptEmpty(HttpContext http, Taken taken) => Answers.SendAsync(http, 202, null, []);

    public static ValueTask<bool> AcceptSentry(HttpContext http, Taken taken) =>
        Json(http, 200, (taken.Ids.Count > 0 ? taken.Ids[0] : taken.RequestId) is { } id ? $"{{\"id\":\"{id}\"}}" : "{}");

    public static ValueTask<bool> RefuseSentry(HttpContext http, Refusal refusal)
    {
        // Names errors only: sessions and the like cost nothing here, and a client that may send them stays simple. Version 5 calls them "event".
        if (refusal.Status == StatusCodes.Status429TooManyRequests)
            http.Response.Headers["X-Sentry-Rate-Limits"] = $"{Seconds(refusal)}:error;default;event:project:{refusal.Reason}";
        return Refuse(http, refusal, $"{{\"detail\":{Answers.Quote(refusal.Message)},\"causes\":[{Answers.Quote(refusal.Reason)}]}}");
    }

    public static ValueTask<bool> RefuseBugsnag(HttpContext http, Refusal refusal) =>
        Refuse(http, refusal, $"{{\"errors\":[{Answers.Quote(refusal.Message)}]}}");

    public static ValueTask<bool> AcceptRollbar(HttpContext http, Taken taken) =>
        Json(http, 200, $"{{\"err\":0,\"result\":{{\"id\":null,\"uuid\":\"{Dashed(taken)}\"}}}}");

    public static ValueTask<bool> RefuseRollbar(HttpContext http, Refusal refusal) =>
        Refuse(http, refusal, $"{{\"err\":1,\"message\":{Answers.Quote(refusal.Message)}}}");

    public static ValueTask<bool> AcceptAirbrake(HttpContext http, Taken taken) => Json(http, 201, $"{{\"id\":\"{Dashed(taken)}\",\"url\":{Answers.Quote(taken.Url)}}}");

    public static ValueTask<bool> RefuseAirbrake(HttpContext http, Refusal refusal)
    {
        // Without it the client goes on sending.
        if (refusal.Status == StatusCodes.Status429TooManyRequests)
            http.Response.Headers["X-RateLimit-Delay"] = Seconds(refusal);
        return Refuse(http, refusal, $"{{\"message\":{Answers.Quote(refusal.Message)}}}");
    }

    public static ValueTask<bool> AcceptHoneybadger(HttpContext http, Taken taken) => Json(http, 201, $"{{\"id\":\"{Dashed(taken)}\"}}");

    public static ValueTask<bool> RefuseHoneybadger(HttpContext http, Refusal refusal) =>
        Refuse(http, refusal, $"{{\"error\":{Answers.Quote(refusal.Message)}}}");

    /// <summary>Statuses that it does not know are kept and sent again for ever: a request that can never be right must be 400 or 403.</summary>
    public static ValueTask<bool> RefuseRaygun(HttpContext http, Refusal refusal)
    {
        var status = refusal.Status switch { 401 or 403 => 403, 429 => 429, >= 400 and < 500 => 400, var other => other };
        return Refuse(http, refusal with { Status = status }, $"{{\"message\":{Answers.Quote(refusal.Message)}}}");
    }

    public static ValueTask<bool> AcceptTrackJs(HttpContext http, Taken taken) => Json(http, 202, """{"status":"accepted"}""");

    /// <summary>Anything but 200 and 202 would silence the agent for the rest of the page: it is told only in words.</summary>
    public static ValueTask<bool> RefuseTrackJs(HttpContext http, Refusal refusal) => Json(
        http, 200, $"{{\"status\":\"dropped\",\"reason\":{Answers.Quote(refusal.Reason)},\"message\":{Answers.Quote(refusal.Message)}}}");

    public static ValueTask<bool> AcceptDatadog(HttpContext http, Taken taken) => Json(http, 202, "{}");

    public static ValueTask<bool> RefuseDatadog(HttpContext http, Refusal refusal) =>
        Refuse(http, refusal, $"{{\"errors\":[{{\"status\":\"{refusal.Status}\",\"title\":{Answers.Quote(refusal.Reason)},\"detail\":{Answers.Quote(refusal.Message)}}}]}}");

    public static ValueTask<bool> RefuseElastic(HttpContext http, Refusal refusal) =>
        Refuse(http, refusal, $"{{\"accepted\":0,\"errors\":[{{\"message\":{Answers.Quote(refusal.Message)}}}]}}");

    public static ValueTask<bool> AcceptOtlp(HttpContext http, Taken taken) => Json(http, 200, """{"partialSuccess":{}}""");

    public static ValueTask<bool> RefuseOtlp(HttpContext http, Refusal refusal) =>
        Refuse(http, refusal, $"{{\"code\":{RpcCode(refusal)},\"message\":{Answers.Quote(refusal.Message)}}}");

    /// <summary>A response message without fields has no bytes.</summary>
    public static ValueTask<bool> AcceptOtlpProtobuf(HttpContext http, Taken taken) => Answers.SendAsync(http, 200, "application/x-protobuf", []);

    /// <summary>The status message of the protocol: field 1 is the code, field 2 the text.</summary>
    public static ValueTask<bool> RefuseOtlpProtobuf(HttpContext http, Refusal refusal)
    {
        var text = Encoding.UTF8.GetBytes(refusal.Message);
        // Two bytes of length hold every text of ours.
        byte[] body = [0x08, (byte)RpcCode(refusal), 0x12, (byte)(0x80 | (text.Length & 0x7f)), (byte)(text.Length >> 7), .. text];
        return Answers.RefuseAsync(http, refusal, "application/x-protobuf", body);
    }

    public static ValueTask<bool> AcceptReport(HttpContext http, Taken taken) => Answers.SendAsync(http, 204, null, []);

    /// <summary>INVALID_ARGUMENT, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNAVAILABLE, UNAUTHENTICATED.</summary>
    private static int RpcCode(Refusal refusal) => refusal.Status switch { 401 => 16, 403 => 7, 429 => 8, >= 500 => 14, _ => 3 };

    private static string Dashed(Taken taken) => taken.Ids.Count > 0 ? $"{Guid.ParseExact(taken.Ids[0], "N"):D}" : "";

    private static string Seconds(Refusal refusal) =>
        Math.Max(1, (long)Math.Ceiling((refusal.RetryAfter ?? TimeSpan.FromMinutes(1)).TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static ValueTask<bool> Json(HttpContext http, int status, string body) =>
        Answers.SendAsync(http, status, "application/json", Encoding.UTF8.GetBytes(body));

    private static ValueTask<bool> Refuse(HttpContext http, Refusal refusal, string body) =>
        Answers.RefuseAsync(http, refusal, "application/json", Encoding.UTF8.GetBytes(body));
}

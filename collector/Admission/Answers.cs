using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ErrorPipeline.Shared.Protocols;

namespace ErrorPipeline.Collector.Admission;

/// <summary>Why a request is refused. <paramref name="Reason"/> is for programs, <paramref name="Message"/> for people: what to change.</summary>
internal sealed record Refusal(int Status, string Reason, string Message, TimeSpan? RetryAfter = null)
{
    public static Refusal Of(SkimFailure failure) =>
        failure.Fault == SkimFault.TooMuch ? new(413, "too_large", failure.Message) : new(400, "bad_request", failure.Message);
}

/// <summary>The answers of docs/native-protocol.md, written as JSend.</summary>
internal static class Answers
{
    private static ReadOnlySpan<byte> Head => "{\"status\":\"success\",\"data\":{\"ids\":["u8;
    private static ReadOnlySpan<byte> First => "],\"id\":"u8;
    private static ReadOnlySpan<byte> Tail => "}}"u8;

    /// <summary>202 with the ids, in the order of the request.</summary>
    public static ValueTask<bool> AcceptAsync(HttpContext http, IReadOnlyList<string> ids)
    {
        const int quoted = 34;
        var length = Head.Length + (quoted + 1) * ids.Count - 1 + First.Length + quoted + Tail.Length;
        Start(http, StatusCodes.Status202Accepted, length);
        var span = http.Response.BodyWriter.GetSpan(length);
        var at = 0;
        Put(span, ref at, Head);
        for (var i = 0; i < ids.Count; i++)
        {
            if (i > 0)
                span[at++] = (byte)',';
            PutId(span, ref at, ids[i]);
        }

        Put(span, ref at, First);
        PutId(span, ref at, ids[0]);
        Put(span, ref at, Tail);
        return SendAsync(http, length);
    }

    public static ValueTask<bool> RefuseAsync(HttpContext http, Refusal refusal)
    {
        var body = refusal.Status >= 500
            ? $"{{\"status\":\"error\",\"message\":{Quote(refusal.Message)},\"code\":{Quote(refusal.Reason)}}}"
            : $"{{\"status\":\"fail\",\"data\":{{\"reason\":{Quote(refusal.Reason)},\"message\":{Quote(refusal.Message)}}}}}";
        return RefuseAsync(http, refusal, "application/json", System.Text.Encoding.UTF8.GetBytes(body));
    }

    /// <summary>A refusal in a client's own form, with the header fields that all understand.</summary>
    public static ValueTask<bool> RefuseAsync(HttpContext http, Refusal refusal, string contentType, byte[] body)
    {
        if (refusal.Status == StatusCodes.Status413PayloadTooLarge && HttpProtocol.IsHttp11(http.Request.Protocol))
            http.Response.Headers.Connection = "close";
        if (refusal.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return SendAsync(http, refusal.Status, contentType, body);
    }

    public static ValueTask<bool> SendAsync(HttpContext http, int status, string? contentType, byte[] body)
    {
        Start(http, status, body.Length, contentType);
        if (body.Length > 0)
            body.CopyTo(http.Response.BodyWriter.GetSpan(body.Length));
        return SendAsync(http, body.Length);
    }

    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static void Start(HttpContext http, int status, int length, string? contentType = "application/json")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        // An answer that cannot have a body must not speak of its length.
        http.Response.ContentLength = status == StatusCodes.Status204NoContent ? null : length;
        http.Response.Headers.XContentTypeOptions = "nosniff";
    }

    /// <summary>False where the client had gone before the answer was handed to its connection.</summary>
    private static async ValueTask<bool> SendAsync(HttpContext http, int length)
    {
        if (length > 0)
            http.Response.BodyWriter.Advance(length);
        var flushed = await http.Response.BodyWriter.FlushAsync();
        return flushed is { IsCanceled: false, IsCompleted: false } && !http.RequestAborted.IsCancellationRequested;
    }

    private static void PutId(Span<byte> to, ref int at, string id)
    {
        to[at++] = (byte)'"';
        System.Text.Encoding.ASCII.GetBytes(id, to[at..]);
        at += id.Length;
        to[at++] = (byte)'"';
    }

    private static void Put(Span<byte> to, ref int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to[at..]);
        at += bytes.Length;
    }
}

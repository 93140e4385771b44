using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Admission;

/// <summary>Reads a request's body within the limits; refuses as soon as one is passed.</summary>
internal sealed class BodyReader(IOptions<AdmitOptions> options)
{
    /// <summary>Bodies over the usual limit, all clients together: each may hold 20 MB in memory.</summary>
    private const int MostLarge = 4;

    private static readonly Refusal Busy = new(
        503, "busy", "the collector reads as many large requests as it may at once: send the same again later", TimeSpan.FromSeconds(5));

    private readonly int _usual = options.Value.MaxBodyBytes;
    private int _large;

    public Refusal TooLarge { get; } = new(413, "too_large", $"a request may have {options.Value.MaxBodyBytes} bytes, also when decompressed: send fewer events or less data with each");

    /// <summary>The bytes, or why not. Throws what a connection that breaks throws.</summary>
    /// <param name="coding">How the body is compressed, where Content-Encoding does not say it.</param>
    /// <param name="most">Another limit than the usual one.</param>
    public async ValueTask<(RequestBody Body, Refusal? Refusal)> ReadAsync(HttpContext http, string? coding = null, int? most = null)
    {
        var encoding = Decompression.EncodingOf(http.Request.Headers.ContentEncoding.Count > 0 ? http.Request.Headers.ContentEncoding.ToString() : coding ?? "");
        if (encoding is ContentCoding.Unknown)
            return (default, new(415, "unsupported_encoding", "Content-Encoding must be gzip, deflate, br or absent, and not several"));
        if (most is not { } wide || (http.Request.ContentLength <= _usual && encoding is ContentCoding.Identity))
            return await ReadAsync(http, encoding, _usual);

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = wide + (long)_usual;
        try
        {
            return Interlocked.Increment(ref _large) <= MostLarge || http.Request.ContentLength <= _usual
                ? await ReadAsync(http, encoding, wide)
                : (default, Busy);
        }
        finally
        {
            Interlocked.Decrement(ref _large);
        }
    }

    private async ValueTask<(RequestBody Body, Refusal? Refusal)> ReadAsync(HttpContext http, ContentCoding encoding, int most)
    {
        if (http.Request.ContentLength > most)
            return (default, TooLarge);

        var (body, refusal) = await CollectAsync(http, most);
        if (refusal is not null || encoding is ContentCoding.Identity)
            return (body, refusal);
        using (body)
            return Decompression.Read(body.Bytes, encoding, most, options.Value, TooLarge);
    }

    private async ValueTask<(RequestBody Body, Refusal? Refusal)> CollectAsync(HttpContext http, int most)
    {
        var reader = http.Request.BodyReader;
        var read = await reader.ReadAsync(http.RequestAborted);
        if (read is { IsCompleted: true, Buffer.IsSingleSegment: true })
            return (RequestBody.Held(reader, read.Buffer), null);

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(most, http.Request.ContentLength ?? 16 << 10));
        var length = 0;
        var kept = false;
        try
        {
            while (true)
            {
                if (length + read.Buffer.Length > most)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return (default, TooLarge);
                }

                length = Append(ref buffer, length, read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
                read = await reader.ReadAsync(http.RequestAborted);
            }

            kept = true;
            return (RequestBody.Rented(buffer, length), null);
        }
        finally
        {
            if (!kept)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Append(ref byte[] buffer, int length, ReadOnlySequence<byte> more)
    {
        var wanted = length + (int)more.Length;
        if (wanted > buffer.Length)
            buffer = Decompression.Grow(buffer, length, wanted);
        more.CopyTo(buffer.AsSpan(length));
        return wanted;
    }
}

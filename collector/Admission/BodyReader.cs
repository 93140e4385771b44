using System.Buffers;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Collector.Admission;

/// <summary>Reads a request's body within the limits; refuses as soon as one is passed.</summary>
internal sealed class BodyReader(IOptions<AdmitOptions> options)
{
    private readonly int _most = options.Value.MaxBodyBytes;

    public Refusal TooLarge { get; } = new(413, "too_large", $"a request may have {options.Value.MaxBodyBytes} bytes, also when decompressed: send fewer events or less data with each");

    /// <summary>The bytes, or why not. Throws what a connection that breaks throws.</summary>
    public async ValueTask<(RequestBody Body, Refusal? Refusal)> ReadAsync(HttpContext http)
    {
        var encoding = Decompression.EncodingOf(http.Request.Headers.ContentEncoding.ToString());
        if (encoding is ContentCoding.Unknown)
            return (default, new(415, "unsupported_encoding", "Content-Encoding must be gzip, deflate, br or absent, and not several"));
        if (http.Request.ContentLength > _most)
            return (default, TooLarge);

        var (body, refusal) = await CollectAsync(http);
        if (refusal is not null || encoding is ContentCoding.Identity)
            return (body, refusal);
        using (body)
            return Decompression.Read(body.Bytes, encoding, options.Value, TooLarge);
    }

    private async ValueTask<(RequestBody Body, Refusal? Refusal)> CollectAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        var read = await reader.ReadAsync(http.RequestAborted);
        if (read is { IsCompleted: true, Buffer.IsSingleSegment: true })
            return (RequestBody.Held(reader, read.Buffer), null);

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(_most, http.Request.ContentLength ?? 16 << 10));
        var length = 0;
        var kept = false;
        try
        {
            while (true)
            {
                if (length + read.Buffer.Length > _most)
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

using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ErrorPipeline.Collector.Admission;

internal enum ContentCoding
{
    Unknown,
    Identity,
    Gzip,
    Deflate,
    Brotli,
}

/// <summary>
/// Decompression that a bomb cannot hurt: the output is looked at as it comes, and the first byte over the size or over the
/// ratio ends it.
/// </summary>
internal static class Decompression
{
    /// <summary>Small bodies may repeat themselves as they like.</summary>
    private const int RatioFreeBytes = 64 << 10;

    public static ContentCoding EncodingOf(string header) => header.Trim().ToLowerInvariant() switch
    {
        "" or "identity" => ContentCoding.Identity,
        "gzip" or "x-gzip" => ContentCoding.Gzip,
        "deflate" => ContentCoding.Deflate,
        "br" => ContentCoding.Brotli,
        _ => ContentCoding.Unknown,
    };

    public static (RequestBody Body, Refusal? Refusal) Read(ReadOnlyMemory<byte> packed, ContentCoding coding, int mostBytes, AdmitOptions limits, Refusal tooLarge)
    {
        var most = (int)Math.Min(mostBytes, Math.Max(RatioFreeBytes, (long)packed.Length * limits.MaxCompressionRatio));
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(packed.Length * 4L, 4 << 10, most));
        var length = -1;
        try
        {
            length = coding == ContentCoding.Brotli ? Brotli(packed.Span, ref buffer, most) : Inflate(packed, coding, ref buffer, most);
        }
        catch (InvalidDataException)
        {
            // Said below.
        }

        if (length >= 0 && length <= most)
            return (RequestBody.Rented(buffer, length), null);
        ArrayPool<byte>.Shared.Return(buffer);
        return (default, length < 0 ? new(400, "bad_request", "the body is not what Content-Encoding says, or is cut off") : most == mostBytes ? tooLarge : OverRatio(limits));
    }

    public static byte[] Grow(byte[] buffer, int length, int wanted)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, wanted));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static Refusal OverRatio(AdmitOptions limits) =>
        new(413, "too_large", $"the body decompresses to more than {limits.MaxCompressionRatio} times its size: send it with less repetition or uncompressed");

    /// <summary>Bytes written; more than <paramref name="most"/> where there would be more.</summary>
    private static int Inflate(ReadOnlyMemory<byte> packed, ContentCoding coding, ref byte[] buffer, int most)
    {
        var source = AsStream(packed);
        using Stream stream = coding == ContentCoding.Gzip ? new GZipStream(source, CompressionMode.Decompress)
            : HasZlibHeader(packed.Span) ? new ZLibStream(source, CompressionMode.Decompress)
            : new DeflateStream(source, CompressionMode.Decompress);
        var length = 0;
        while (length <= most)
        {
            if (length == buffer.Length)
                buffer = Grow(buffer, length, length + 1);
            var read = stream.Read(buffer.AsSpan(length));
            if (read == 0)
                break;
            length += read;
        }

        return length;
    }

    private static int Brotli(ReadOnlySpan<byte> packed, ref byte[] buffer, int most)
    {
        using var decoder = new BrotliDecoder();
        var length = 0;
        while (length <= most)
        {
            var status = decoder.Decompress(packed, buffer.AsSpan(length), out var consumed, out var written);
            packed = packed[consumed..];
            length += written;
            if (status == OperationStatus.Done && packed.IsEmpty)
                return length;
            if (status != OperationStatus.DestinationTooSmall)
                throw new InvalidDataException();
            buffer = Grow(buffer, length, length + 1);
        }

        return length;
    }

    /// <summary>HTTP's deflate is the zlib format; some clients send the bare one.</summary>
    private static bool HasZlibHeader(ReadOnlySpan<byte> packed) =>
        packed.Length >= 2 && (packed[0] & 0x0f) == 8 && ((packed[0] << 8) | packed[1]) % 31 == 0;

    private static MemoryStream AsStream(ReadOnlyMemory<byte> packed) =>
        MemoryMarshal.TryGetArray(packed, out var array)
            ? new(array.Array!, array.Offset, array.Count, writable: false)
            : new(packed.ToArray(), writable: false);
}

using System.Buffers;
using System.Buffers.Text;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>A map inside its own address, as inline source maps have it: base64 or percent-encoded.</summary>
internal static class DataUrl
{
    public static byte[] Read(ReadOnlySpan<byte> url, int limit)
    {
        var comma = url.IndexOf((byte)',');
        if (comma < 0)
            throw new SourceMapException("the data: URL has no comma before its data");
        var head = url[..comma];
        var data = url[(comma + 1)..].Trim(" \t\r\n"u8);
        if (data.Length > limit)
            throw new SourceMapException($"the data: URL is longer than the limit of {limit} bytes");
        return IsBase64(head) ? FromBase64(Unescape(data)) : Unescape(data);
    }

    private static bool IsBase64(ReadOnlySpan<byte> head) =>
        head.Length >= 7 && System.Text.Ascii.EqualsIgnoreCase(head[^7..], ";base64"u8);

    private static byte[] FromBase64(byte[] data)
    {
        var padded = data.Length % 4 is 2 or 3 && !data.AsSpan().Contains((byte)'=') ? [.. data, .. "=="u8[..(4 - data.Length % 4)]] : data;
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        return Base64.DecodeFromUtf8(padded, bytes, out _, out var written) == OperationStatus.Done
            ? bytes[..written] : throw new SourceMapException("the data: URL is not valid base64");
    }

    private static byte[] Unescape(ReadOnlySpan<byte> data)
    {
        var bytes = new byte[data.Length];
        var length = 0;
        for (var at = 0; at < data.Length; at++)
        {
            if (data[at] == (byte)'%' && at + 2 < data.Length && Hex(data[at + 1]) is >= 0 and var high && Hex(data[at + 2]) is >= 0 and var low)
            {
                bytes[length++] = (byte)(high * 16 + low);
                at += 2;
            }
            else
            {
                bytes[length++] = data[at];
            }
        }

        return bytes[..length];
    }

    private static int Hex(byte digit) => char.IsAsciiHexDigit((char)digit) ? Convert.ToInt32(((char)digit).ToString(), 16) : -1;
}

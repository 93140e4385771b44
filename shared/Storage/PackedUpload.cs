using System.IO.Compression;
using System.Security.Cryptography;

namespace ErrorPipeline.Shared.Storage;

/// <summary>A file as it is kept.</summary>
internal sealed record PackedUpload(ArtifactUpload Upload, string Hash, byte[] Packed)
{
    public static PackedUpload Of(ArtifactUpload upload)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(upload.Content.Span);
        return new(upload, Convert.ToHexStringLower(SHA256.HashData(upload.Content.Span)), packed.ToArray());
    }

    /// <param name="packed">As it is kept.</param>
    /// <param name="size">Bytes as uploaded.</param>
    public static byte[] Unpack(Stream packed, long size)
    {
        var content = new byte[size];
        using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        brotli.ReadExactly(content);
        return content;
    }
}

using System.IO.Compression;

namespace ErrorPipeline.Collector.Tests;

/// <summary>What hostile bodies are made of.</summary>
internal static class Hostile
{
    public const int OneMegabyte = 1 << 20;

    public static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

    public static string Events(int count) => "[" + string.Join(',', Enumerable.Repeat("{\"message\":\"a\"}", count)) + "]";

    public static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes) => Pack(bytes, to => new GZipStream(to, CompressionLevel.Fastest));

    public static byte[] Zlib(byte[] bytes) => Pack(bytes, to => new ZLibStream(to, CompressionLevel.Fastest));

    public static byte[] Deflate(byte[] bytes) => Pack(bytes, to => new DeflateStream(to, CompressionLevel.Fastest));

    public static byte[] Brotli(byte[] bytes) => Pack(bytes, to => new BrotliStream(to, CompressionLevel.Fastest));

    public static byte[] Pack(byte[] bytes, Func<Stream, Stream> packer)
    {
        var packed = new MemoryStream();
        using (var stream = packer(packed))
            stream.Write(bytes);
        return packed.ToArray();
    }
}

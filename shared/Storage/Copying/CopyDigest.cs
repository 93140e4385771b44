using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Shared.Storage.Copying;

/// <summary>A sum over rows, in whatever order they come: two stores with the same rows have the same.</summary>
internal readonly record struct CopyDigest(long Rows, ulong High, ulong Low)
{
    public CopyDigest Add(CopiedRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> head = stackalloc byte[9];
        foreach (var value in row.Values)
        {
            var bytes = value switch
            {
                null => [],
                long number => Number(number),
                string text => Encoding.UTF8.GetBytes(text),
                byte[] given => given,
                _ => throw new ArgumentException($"a value is {value.GetType()}", nameof(row)),
            };
            head[0] = value switch { null => 0, long => 1, string => 2, _ => 3 };
            BinaryPrimitives.WriteInt64LittleEndian(head[1..], bytes.Length);
            hash.AppendData(head);
            hash.AppendData(bytes);
        }

        Span<byte> result = stackalloc byte[32];
        hash.GetHashAndReset(result);
        return new(Rows + 1, unchecked(High + BinaryPrimitives.ReadUInt64LittleEndian(result)), unchecked(Low + BinaryPrimitives.ReadUInt64LittleEndian(result[8..])));
    }

    private static byte[] Number(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// (project, event id) in 16 bytes, as the sets of seen events keep it: the first half of SHA-256 over the project
/// (int32, little endian) and the id. Ids are chosen by strangers, so a hash that can be forged would let one
/// visitor's event swallow another's.
/// </summary>
public readonly record struct EventIdentity(UInt128 Value)
{
    public const int Size = 16;

    public static EventIdentity Of(int projectId, ReadOnlySpan<char> eventId)
    {
        Span<byte> input = stackalloc byte[256];
        var needed = 4 + Encoding.UTF8.GetMaxByteCount(eventId.Length);
        if (needed > input.Length)
            input = new byte[needed];
        BinaryPrimitives.WriteInt32LittleEndian(input, projectId);
        var length = 4 + Encoding.UTF8.GetBytes(eventId, input[4..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        return new(BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    /// <summary>As receipts keep it.</summary>
    public ulong Short => (ulong)(Value >> 64);

    /// <summary>The bytes kept in Redis.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>The inverse of <see cref="ToBytes"/>.</summary>
    public static EventIdentity FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
}

using System.Buffers.Binary;

namespace ErrorPipeline.Shared.Contracts;

/// <summary>
/// Event identities cut to 8 bytes, for receipts: many of them travel and are kept, and among the some ten millions of a window no two are
/// alike by chance. Written one after the other, sorted, big endian.
/// </summary>
public static class ShortIds
{
    public const int Size = 8;

    public static byte[] Pack(IEnumerable<ulong> ids)
    {
        ulong[] sorted = [.. ids];
        Array.Sort(sorted);
        var packed = new byte[sorted.Length * Size];
        for (var i = 0; i < sorted.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(packed.AsSpan(i * Size), sorted[i]);
        return packed;
    }

    /// <summary>A torn end is passed over: a receipt is not worth failing for.</summary>
    public static IEnumerable<ulong> Unpack(byte[]? packed)
    {
        for (var at = 0; packed is not null && at + Size <= packed.Length; at += Size)
            yield return BinaryPrimitives.ReadUInt64BigEndian(packed.AsSpan(at));
    }
}

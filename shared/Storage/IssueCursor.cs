using System.Buffers.Binary;
using System.Buffers.Text;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// Where a page of issues ended: the sort, and that row's value and id. Travels through people's hands, so whatever is not
/// exactly what <see cref="Write"/> gave is refused; a forged one could only start the list elsewhere.
/// </summary>
internal readonly record struct IssueCursor(IssueSort Sort, long Value, long Id)
{
    private const byte Version = 1;
    private const int Size = 22;

    public string Write()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        bytes[1] = (byte)Sort;
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes[10..], Id);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[18..], Check(bytes[..18]));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Throws <see cref="ArgumentException"/> with a text for people.</summary>
    public static IssueCursor Read(string text, IssueSort sort)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != Base64Url.GetEncodedLength(Size) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != Size
            || bytes[0] != Version || BinaryPrimitives.ReadUInt32BigEndian(bytes[18..]) != Check(bytes[..18]))
            throw new ArgumentException("This page of the list cannot be found: start again from its first page.", nameof(text));
        if (bytes[1] != (byte)sort)
            throw new ArgumentException("This page belongs to a list that is sorted otherwise: start again from its first page.", nameof(text));
        return new(sort, BinaryPrimitives.ReadInt64BigEndian(bytes[2..]), BinaryPrimitives.ReadInt64BigEndian(bytes[10..]));
    }

    /// <summary>FNV-1a, 32 bit: notices typing and cutting, is no secret.</summary>
    private static uint Check(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var b in bytes)
            hash = (hash ^ b) * 16777619u;
        return hash;
    }
}

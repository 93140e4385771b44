using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// (project, event id) in 16 bytes: the first half of SHA-256 over the project
/// (int32, little endian) and the id. Ids are chosen by strangers, so a hash that can be forged would let one
/// visitor's event swallow another's.
/// </summary>
public readonly record struct EventIdentity(UInt128 Value)
{
    private const int Places = 12;

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

    /// <summary>
    /// As the hop takes it: twelve digits from 0 to 3, of which the first name one of the sets of seen events, and 64 other bits as a decimal
    /// int64, which Redis keeps in 8 bytes. Among the few hundred of its sets an event is taken for another once in 10^16 events.
    /// </summary>
    public byte[] ToFact()
    {
        Span<byte> fact = stackalloc byte[Places + 20];
        for (var i = 0; i < Places; i++)
            fact[i] = (byte)('0' + (int)((Value >> (126 - (2 * i))) & 3));
        ((long)(ulong)Value).TryFormat(fact[Places..], out var written, provider: CultureInfo.InvariantCulture);
        return fact[..(Places + written)].ToArray();
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace ErrorPipeline.Shared.Protocols;

/// <summary>
/// Name of an event: 128 bits, written as 32 lower-case hex digits. Clients may write it in upper case and with dashes.
/// </summary>
public readonly record struct EventId(UInt128 Value)
{
    /// <summary>Longest form that is read: 32 digits with a dash after each.</summary>
    private const int LongestText = 64;

    /// <summary>False for anything but exactly 32 hex digits, dashes aside.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out EventId id)
    {
        id = default;
        if (utf8.Length is < 32 or > LongestText)
            return false;
        var value = UInt128.Zero;
        var digits = 0;
        foreach (var c in utf8)
        {
            if (c == '-')
                continue;
            var digit = c switch
            {
                >= (byte)'0' and <= (byte)'9' => c - '0',
                >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
                _ => -1,
            };
            if (digit < 0 || ++digits > 32)
                return false;
            value = (value << 4) | (uint)digit;
        }

        id = new(value);
        return digits == 32;
    }

    /// <summary>A new id as UUID version 7 lays it out: 48 bits of time, then random. Unguessable.</summary>
    public static EventId Create(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[6..]);
        var ms = now.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)(ms >> 16));
        BinaryPrimitives.WriteInt16BigEndian(bytes[4..], (short)ms);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    public override string ToString() => string.Create(32, Value, static (text, value) =>
    {
        ((ulong)(value >> 64)).TryFormat(text, out _, "x16", CultureInfo.InvariantCulture);
        ((ulong)value).TryFormat(text[16..], out _, "x16", CultureInfo.InvariantCulture);
    });
}

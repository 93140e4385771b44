using System.Runtime.CompilerServices;

namespace ErrorPipeline.Shared.SourceMaps;

internal enum VlqFault
{
    None,
    NotBase64,
    Unfinished,
    OutOfRange,
}

/// <summary>Base64 variable-length quantities as in ECMA-426: five bits a digit, lowest first.</summary>
internal static class Vlq
{
    /// <summary>Value of a base64 digit, 255 for anything else.</summary>
    private static readonly byte[] Digits = Table();

    private static byte[] Table()
    {
        var digits = new byte[256];
        Array.Fill(digits, (byte)255);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;
        for (var i = 0; i < alphabet.Length; i++)
            digits[alphabet[i]] = (byte)i;
        return digits;
    }

    /// <summary>Most deltas are one digit: sign and magnitude in five bits. "Minus zero" is left to the long way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOneDigit(byte character, out int value)
    {
        var digit = Digits[character];
        value = (digit >> 1) * (1 - ((digit & 1) << 1));
        return digit < 32 && digit != 1;
    }

    public static bool IsDigit(byte character) => Digits[character] < 64;

    /// <summary>The character is the last digit of a quantity.</summary>
    public static bool EndsValue(byte character) => Digits[character] < 32;

    /// <summary>
    /// Reads a signed quantity at <paramref name="at"/> and moves past it. The magnitude must be below 2^31, however many
    /// digits spell it; "minus zero" stands for -2^31.
    /// </summary>
    public static VlqFault Signed(ReadOnlySpan<byte> text, ref int at, out int value)
    {
        var fault = Raw(text, ref at, out var raw);
        var magnitude = raw >> 1;
        value = 0;
        if (fault != VlqFault.None)
            return fault;
        if (magnitude > int.MaxValue)
            return VlqFault.OutOfRange;
        value = (raw & 1) == 0 ? (int)magnitude : magnitude == 0 ? int.MinValue : -(int)magnitude;
        return VlqFault.None;
    }

    /// <summary>Reads an unsigned quantity, below 2^32.</summary>
    public static VlqFault Unsigned(ReadOnlySpan<byte> text, ref int at, out uint value)
    {
        var fault = Raw(text, ref at, out var raw);
        value = (uint)raw;
        return fault != VlqFault.None ? fault : raw > uint.MaxValue ? VlqFault.OutOfRange : VlqFault.None;
    }

    private static VlqFault Raw(ReadOnlySpan<byte> text, ref int at, out ulong raw)
    {
        raw = 0;
        for (var shift = 0; ; shift += 5)
        {
            if ((uint)at >= (uint)text.Length)
                return VlqFault.Unfinished;
            var digit = Digits[text[at]];
            if (digit == 255)
                return shift > 0 && text[at] is (byte)',' or (byte)';' ? VlqFault.Unfinished : VlqFault.NotBase64;
            at++;
            var bits = (ulong)(digit & 31);
            if (shift < 40)
                raw |= bits << shift;
            else if (bits != 0)
                raw = ulong.MaxValue;
            if (digit < 32)
                return VlqFault.None;
            // A quantity may be padded with zeroes without end; keep the shift in its harmless range.
            if (shift > 1000)
                shift = 40;
        }
    }
}

using System.Text.Json;
using System.Text.Unicode;

namespace ErrorPipeline.Workers.Dedupe;

/// <summary>Reads the values of light fields. False means "odd: do not fold"; nothing throws for what a browser may send.</summary>
internal static class LightValue
{
    /// <summary>Each occurrence of a fold carries its own, so they have to be short.</summary>
    private const int MaxTextBytes = 2048;

    /// <summary>Empty text and null are "none".</summary>
    public static bool TryText(ref Utf8JsonReader reader, out string? text)
    {
        text = null;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxTextBytes || !IsClean(reader))
            return false;
        text = reader.GetString();
        if (text is "")
            text = null;
        return true;
    }

    /// <summary>Milliseconds since 1970 from a number or an ISO 8601 text.</summary>
    public static bool TryTime(ref Utf8JsonReader reader, out long? time)
    {
        time = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.Number when reader.TryGetInt64(out var whole):
                time = whole;
                return true;
            case JsonTokenType.Number when reader.TryGetDouble(out var broken) && Math.Abs(broken) < long.MaxValue / 2d:
                time = (long)broken;
                return true;
            case JsonTokenType.String when reader.ValueSpan.EndsWith("Z"u8) && reader.TryGetDateTimeOffset(out var iso):
                time = iso.ToUnixTimeMilliseconds();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Lone surrogates (hidden in escapes) and broken UTF-8 make GetString throw; NUL is refused by stores.</summary>
    private static bool IsClean(in Utf8JsonReader reader) =>
        Utf8.IsValid(reader.ValueSpan) && !(reader.ValueIsEscaped && HasSuspectEscape(reader.ValueSpan));

    /// <summary>True for any escape of a surrogate or NUL; also for a harmless pair, which only costs a fold.</summary>
    private static bool HasSuspectEscape(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf(@"\u"u8); at >= 0; at = text.IndexOf(@"\u"u8))
        {
            text = text[(at + 2)..];
            if (text[0] is (byte)'d' or (byte)'D' || text.StartsWith("0000"u8))
                return true;
        }

        return false;
    }
}

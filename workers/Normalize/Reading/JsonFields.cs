using System.Globalization;
using System.Text.Json;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>Reads the value a reader stands on, or nothing where it is of another type. Never throws for what a value holds.</summary>
internal static class JsonFields
{
    public const int LongestKey = 128;

    /// <summary>Steps to the next property of the object that was entered at <paramref name="depth"/> and onto its value.</summary>
    public static bool NextProperty(ref Utf8JsonReader reader, out string name)
    {
        name = "";
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
            return false;
        name = CleanText.Unescape(reader.ValueSpan, LongestKey);
        return reader.Read();
    }

    /// <summary>Steps to the next element of the array that was entered.</summary>
    public static bool NextElement(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    /// <summary>Null for anything but a string with something in it. Objects and arrays are stepped over.</summary>
    public static string? Text(ref Utf8JsonReader reader, int longest)
    {
        if (reader.TokenType == JsonTokenType.String)
            return CleanText.Unescape(reader.ValueSpan, longest) is { Length: > 0 } text ? text : null;
        reader.Skip();
        return null;
    }

    /// <summary>Ids come as numbers too.</summary>
    public static string? TextOrNumber(ref Utf8JsonReader reader, int longest) =>
        reader.TokenType == JsonTokenType.Number ? Scalar(ref reader, longest) : Text(ref reader, longest);

    /// <summary>String, number or bool as text.</summary>
    public static string? Scalar(ref Utf8JsonReader reader, int longest) => reader.TokenType switch
    {
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Number => CleanText.Unescape(reader.ValueSpan, longest),
        _ => Text(ref reader, longest),
    };

    /// <summary>The value's own bytes.</summary>
    /// <param name="json">What the reader reads.</param>
    public static ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    public static bool? Bool(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return reader.TokenType == JsonTokenType.True;
        reader.Skip();
        return null;
    }

    public static int? PositiveInt(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
            return number > 0 ? number : null;
        reader.Skip();
        return null;
    }

    /// <summary>ms since 1970 from a number of ms or an ISO 8601 text; null for what is no time of our era.</summary>
    public static long? Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetDouble(out var ms) && ms is > 0 and < 253_402_300_800_000 ? (long)ms : null;
        var text = Text(ref reader, 40);
        return text is not null && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.ToUnixTimeMilliseconds() is > 0 and var at ? at : null;
    }
}

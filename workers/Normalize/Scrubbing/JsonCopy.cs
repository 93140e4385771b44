using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>
/// Copies a JSON value as text, cleaned, scrubbed by keys and by contents, and bounded: what does not fit is left out, the text stays valid JSON.
/// Every key is data ("__proto__", "$where", "a.b"); of double keys both are kept.
/// </summary>
internal static class JsonCopy
{
    private const int LongestKey = 128;
    private const int LongestNumber = 40;

    // Room for the closing brackets of the deepest nesting and for the marks of what was left out.
    private const int Reserve = 64 + FieldLimits.Depth;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = FieldLimits.Depth + 1 };

    /// <summary>Of the thread: an event has many small values to copy.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Null for a JSON null, an empty object or an empty array. The reader is left at the value's end.</summary>
    public static string? Scrubbed(ref Utf8JsonReader reader, int longest, Scrub scrub)
    {
        var buffer = _buffer ??= new(4096);
        var writer = _writer ??= new(buffer, Options);
        buffer.ResetWrittenCount();
        writer.Reset();
        if (reader.TokenType == JsonTokenType.StartObject || reader.TokenType == JsonTokenType.StartArray)
            Container(ref reader, writer, longest - Reserve, scrub);
        else
            Scalar(ref reader, writer, longest - Reserve, scrub);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan) is var text && text is "null" or "{}" or "[]" ? null : text;
    }

    private static void Container(ref Utf8JsonReader reader, Utf8JsonWriter writer, int longest, Scrub scrub)
    {
        var depth = reader.CurrentDepth;
        Open(reader.TokenType, writer);
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && !Property(ref reader, writer, longest, scrub))
                continue;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                // Only an element of an array can be without room: a property has kept some for its value.
                if (Left(writer, longest) > 0)
                    Open(reader.TokenType, writer);
                else
                    reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.EndObject)
                writer.WriteEndObject();
            else if (reader.TokenType == JsonTokenType.EndArray)
                writer.WriteEndArray();
            else if (Left(writer, longest) > 0)
                Scalar(ref reader, writer, Left(writer, longest), scrub);
        }

        if (reader.TokenType == JsonTokenType.EndObject)
            writer.WriteEndObject();
        else
            writer.WriteEndArray();
    }

    /// <summary>Writes the name and steps onto the value; false where the property is done with.</summary>
    private static bool Property(ref Utf8JsonReader reader, Utf8JsonWriter writer, int longest, Scrub scrub)
    {
        var name = CleanText.Unescape(reader.ValueSpan, LongestKey);
        reader.Read();
        if (Left(writer, longest) < (name.Length * 6) + Reserve)
        {
            reader.Skip();
            return false;
        }

        writer.WritePropertyName(scrub.Text(name));
        if (!scrub.Keys.IsTelling(name) || reader.TokenType is JsonTokenType.Null or JsonTokenType.True or JsonTokenType.False)
            return true;
        writer.WriteStringValue(Scrub.Filtered);
        reader.Skip();
        return false;
    }

    private static void Open(JsonTokenType token, Utf8JsonWriter writer)
    {
        if (token == JsonTokenType.StartObject)
            writer.WriteStartObject();
        else
            writer.WriteStartArray();
    }

    private static long Left(Utf8JsonWriter writer, int longest) => longest - writer.BytesCommitted - writer.BytesPending;

    private static void Scalar(ref Utf8JsonReader reader, Utf8JsonWriter writer, long room, Scrub scrub)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False: writer.WriteBooleanValue(reader.TokenType == JsonTokenType.True); break;
            case JsonTokenType.Number: Number(reader.ValueSpan, writer, scrub); break;
            case JsonTokenType.String: writer.WriteStringValue(Fit(scrub.Text(CleanText.Unescape(reader.ValueSpan, FieldLimits.Message)), room)); break;
            default: writer.WriteNullValue(); break;
        }
    }

    private static void Number(ReadOnlySpan<byte> digits, Utf8JsonWriter writer, Scrub scrub)
    {
        var text = digits.Length <= LongestNumber ? Encoding.UTF8.GetString(digits) : Encoding.UTF8.GetString(digits[..LongestNumber]) + "...";
        // A card number stays one without its quotes; what no number type holds stays readable as a text.
        if (digits.Length <= LongestNumber && ReferenceEquals(scrub.Text(text), text))
            writer.WriteRawValue(text, skipInputValidation: true);
        else
            writer.WriteStringValue(scrub.Text(text));
    }

    /// <summary>Cut so that even its escaped UTF-8 fits.</summary>
    private static string Fit(string text, long room)
    {
        if (text.Length * 6L <= room)
            return text;
        var size = 0;
        for (var i = 0; i < text.Length; i++)
        {
            size += text[i] < ' ' || char.IsSurrogate(text[i]) ? 6 : text[i] is '"' or '\\' ? 2 : text[i] < 128 ? 1 : 3;
            if (size > room)
                return CleanText.Clean(text, Math.Max(0, i));
        }

        return text;
    }
}

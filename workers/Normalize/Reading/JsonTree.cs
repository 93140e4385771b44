using System.Text.Json;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>
/// Hostile JSON as a tree whose values are looked up by name, for protocols whose fields lie deep and in any order. Never throws: damaged
/// JSON gives what stood before the damage, and a text of too many values ends early.
/// </summary>
internal static class JsonTree
{
    /// <summary>A value costs about a hundred bytes; real events have a few thousand.</summary>
    private const int MostValues = 100_000;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = FieldLimits.Depth, CommentHandling = JsonCommentHandling.Disallow };

    /// <param name="damaged">The bytes were not one JSON object to their end.</param>
    public static JsonValue Parse(ReadOnlyMemory<byte> json, out bool damaged)
    {
        if (json.Span.StartsWith("\uFEFF"u8))
            json = json[3..];
        var root = JsonValue.Missing;
        var reader = new Utf8JsonReader(json.Span, Options);
        var left = MostValues;
        try
        {
            damaged = !reader.Read() || reader.TokenType != JsonTokenType.StartObject;
            if (!damaged)
            {
                root = new(JsonTokenType.StartObject);
                damaged = !Fill(root, ref reader, json, ref left);
            }
        }
        catch (JsonException)
        {
            damaged = true;
        }

        return root;
    }

    /// <summary>Attaches each value before it is read, so that damage inside keeps what came before. False where there are too many values.</summary>
    private static bool Fill(JsonValue container, ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, ref int left)
    {
        var start = (int)reader.TokenStartIndex;
        var named = container.Kind == JsonTokenType.StartObject;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var name = "";
            if (named)
            {
                name = CleanText.Unescape(reader.ValueSpan, JsonFields.LongestKey);
                reader.Read();
            }

            if (--left < 0)
                return false;
            var value = Value(ref reader, json);
            container.Add(name, value);
            if (value.IsContainer && !Fill(value, ref reader, json, ref left))
                return false;
        }

        container.Raw = json[start..(int)reader.BytesConsumed];
        return true;
    }

    private static JsonValue Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        return new(reader.TokenType)
        {
            Raw = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? default : json[start..(int)reader.BytesConsumed],
        };
    }
}

using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Workers.Inspect;

/// <summary>Kind "sourcemap": is a map valid, and where do places of its generated file come from. Lines and columns are 0-based.</summary>
internal static class SourceMapQuestion
{
    public static void Answer(JsonElement question, Utf8JsonWriter json)
    {
        if (!question.TryGetProperty("map", out var text) || text.ValueKind is not (JsonValueKind.String or JsonValueKind.Object))
            throw new FormatException("a line of kind 'sourcemap' needs the map's text under 'map'");
        var map = Decode(text.ValueKind == JsonValueKind.String ? text.GetString()! : text.GetRawText(), out var refusal);
        json.WriteBoolean("valid", map is not null);
        json.WriteString("error", refusal);
        json.WriteStartArray("results");
        if (question.TryGetProperty("lookups", out var lookups) && lookups.ValueKind == JsonValueKind.Array)
        {
            foreach (var lookup in lookups.EnumerateArray())
                Result(map, lookup, json);
        }

        json.WriteEndArray();
    }

    private static SourceMap? Decode(string text, out string? refusal)
    {
        try
        {
            refusal = null;
            return SourceMap.Decode(Encoding.UTF8.GetBytes(text));
        }
        catch (SourceMapException e)
        {
            refusal = e.Message;
            return null;
        }
    }

    private static void Result(SourceMap? map, JsonElement lookup, Utf8JsonWriter json)
    {
        if (map is null || !Number(lookup, "line", out var line) || !Number(lookup, "col", out var column) || map.Find(line, column, out var at) != MapLookup.Found)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("source", at.Source);
        json.WriteNumber("line", at.Line);
        json.WriteNumber("col", at.Column);
        json.WriteString("name", at.Name);
        json.WriteEndObject();
    }

    private static bool Number(JsonElement lookup, string name, out int number)
    {
        number = 0;
        return lookup.ValueKind == JsonValueKind.Object && lookup.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }
}

using System.Text.Json;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// React Native's additions. They are a help: whatever does not have the expected form is passed over, never a refusal.
/// </summary>
internal static class FacebookFields
{
    /// <summary>x_facebook_sources: per source null or a list whose first entry is {names, mappings}.</summary>
    public static List<FunctionMap?> Sources(ref Utf8JsonReader reader)
    {
        var maps = new List<FunctionMap?>();
        using var value = JsonDocument.ParseValue(ref reader);
        if (value.RootElement.ValueKind != JsonValueKind.Array)
            return maps;
        foreach (var source in value.RootElement.EnumerateArray())
            maps.Add(source.ValueKind == JsonValueKind.Array && source.GetArrayLength() > 0 ? Source(source[0]) : null);
        return maps;
    }

    /// <summary>x_hermes_function_offsets: per segment of the bytecode the offset at which each function begins.</summary>
    public static Dictionary<int, int[]>? Offsets(ref Utf8JsonReader reader)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        if (value.RootElement.ValueKind != JsonValueKind.Object)
            return null;
        var offsets = new Dictionary<int, int[]>();
        foreach (var segment in value.RootElement.EnumerateObject())
        {
            if (int.TryParse(Name(segment), out var id) && segment.Value.ValueKind == JsonValueKind.Array)
                offsets[id] = [.. segment.Value.EnumerateArray().Select(offset => offset.ValueKind == JsonValueKind.Number && offset.TryGetInt32(out var at) ? at : -1)];
        }

        return offsets;
    }

    private static FunctionMap? Source(JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object
            || !metadata.TryGetProperty("names", out var names) || names.ValueKind != JsonValueKind.Array
            || !metadata.TryGetProperty("mappings", out var mappings) || mappings.ValueKind != JsonValueKind.String)
            return null;
        var texts = new List<string>();
        foreach (var name in names.EnumerateArray())
            texts.Add(Text(name) ?? "");
        return Text(mappings) is { } text ? FunctionMap.Read([.. texts], text) : null;
    }

    private static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Null where it is no string or holds broken UTF-8 or half a surrogate pair.</summary>
    private static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

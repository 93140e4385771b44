using System.Text.Json;

namespace ErrorPipeline.Web.Tests;

/// <summary>As much of JSON Schema as the API's document uses. Stricter in one thing: what a schema does not name may not be there.</summary>
internal sealed class JsonSchema(JsonElement document)
{
    /// <summary>What is wrong with a value, place by place; empty where nothing is.</summary>
    public IEnumerable<string> Problems(JsonElement schema, JsonElement value, string at = "$")
    {
        if (schema.ValueKind == JsonValueKind.True)
            return [];
        if (schema.TryGetProperty("$ref", out var reference))
            return Problems(Resolve(reference.GetString()!), value, at);
        if (schema.TryGetProperty("anyOf", out var any))
            return any.EnumerateArray().Any(one => !Problems(one, value, at).Any()) ? [] : [$"{at}: fits none of {any}"];
        if (schema.TryGetProperty("const", out var wanted))
            return wanted.GetString() == value.GetString() ? [] : [$"{at}: is {value}, not {wanted}"];
        if (schema.TryGetProperty("enum", out var values) && values.EnumerateArray().All(one => one.ToString() != value.ToString()))
            return [$"{at}: {value} is none of {values}"];
        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(name => Is(name, value)))
            return [$"{at}: {value.ValueKind} where {type} should be"];
        return value.ValueKind switch
        {
            JsonValueKind.Object => InObject(schema, value, at),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray().SelectMany((item, n) => Problems(items, item, $"{at}[{n}]")),
            _ => [],
        };
    }

    private IEnumerable<string> InObject(JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
                yield return $"{at}: lacks {name}";
        }

        var isOpen = schema.TryGetProperty("additionalProperties", out var others) || !schema.TryGetProperty("properties", out _);
        foreach (var field in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(field.Name, out var its))
            {
                foreach (var problem in Problems(its, field.Value, $"{at}.{field.Name}"))
                    yield return problem;
            }
            else if (!isOpen)
                yield return $"{at}: has {field.Name}, of which the schema says nothing";
            else if (others.ValueKind == JsonValueKind.Object)
            {
                foreach (var problem in Problems(others, field.Value, $"{at}.{field.Name}"))
                    yield return problem;
            }
        }
    }

    private JsonElement Resolve(string pointer)
    {
        var found = document;
        foreach (var step in pointer.Split('/').Skip(1))
            found = found.ValueKind == JsonValueKind.Array ? found[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : found.GetProperty(step.Replace("~1", "/").Replace("~0", "~"));
        return found;
    }

    private static IEnumerable<string> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => value.ValueKind == JsonValueKind.Null,
    };
}

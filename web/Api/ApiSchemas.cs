using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ErrorPipeline.Web.Api;

/// <summary>JSON schemas of what the API takes and answers, made from the types that it is written with.</summary>
internal sealed class ApiSchemas
{
    public const string Place = "#/components/schemas/";

    public static readonly JsonConverter Names = new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { Names },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        NumberHandling = JsonNumberHandling.Strict,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly JsonSchemaExporterOptions Exporting = new() { TreatNullObliviousAsNonNullable = true };

    private readonly SortedDictionary<string, JsonNode> _known = new(StringComparer.Ordinal);

    /// <summary>All that were asked for, by name.</summary>
    public JsonObject All => new(_known.Select(known => KeyValuePair.Create(known.Key, (JsonNode?)known.Value)));

    public JsonNode Of(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new JsonObject { ["type"] = "array", ["items"] = Of(type.GetGenericArguments()[0]) };
        if (!_known.ContainsKey(type.Name))
        {
            var schema = Json.GetJsonSchemaAsNode(type, Exporting);
            // A type that holds itself points to its own place in the exported text; here it stands deeper.
            Move(schema, Place + type.Name);
            _known[type.Name] = schema;
        }

        return new JsonObject { ["$ref"] = Place + type.Name };
    }

    /// <summary>What a body looks like, for a command line.</summary>
    public static string Example(Type body)
    {
        var fields = Json.GetTypeInfo(body).Properties.Select(p => KeyValuePair.Create(p.Name, Value(p.PropertyType)));
        return new JsonObject(fields).ToJsonString();
    }

    private static JsonNode? Value(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "...";
        if (type == typeof(bool))
            return true;
        if (type.IsPrimitive)
            return 1;
        return type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? new JsonArray() : new JsonObject();
    }

    private static void Move(JsonNode? node, string to)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Move(item, to);
        }

        if (node is not JsonObject fields)
            return;
        if (fields["$ref"] is JsonValue reference && reference.GetValue<string>() is ['#', .. var rest])
            fields["$ref"] = to + rest;
        foreach (var (name, value) in fields.ToList())
        {
            if (name != "$ref")
                Move(value, to);
        }
    }
}

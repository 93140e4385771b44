using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Otlp;

/// <summary>Lists of key and typed value, looked up by key; of double keys the last counts.</summary>
internal sealed class Attributes
{
    private static readonly string[] Read =
    [
        "exception.type", "exception.message", "exception.stacktrace", "exception.escaped", "url.full", "http.url", "page.url", "user.id", "enduser.id", "user.email",
        "user.full_name", "user.name", "session.id", "user_agent.original",
    ];

    private readonly Dictionary<string, JsonValue> _values = [];

    public Attributes(params ReadOnlySpan<JsonValue> lists)
    {
        foreach (var list in lists)
        {
            foreach (var attribute in list.Items)
            {
                if (attribute["key"].Text(JsonFields.LongestKey) is { } key)
                    _values[key] = Inside(attribute["value"]);
            }
        }
    }

    public JsonValue this[string key] => _values.GetValueOrDefault(key, JsonValue.Missing);

    public JsonValue First(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (this[key] is { IsNothing: false } value)
                return value;
        }

        return JsonValue.Missing;
    }

    /// <summary>What is in <c>{"stringValue": ...}</c> and its kin; an undefined value is <c>{}</c>.</summary>
    public static JsonValue Inside(JsonValue value) => value.Properties.Select(property => property.Value).FirstOrDefault(JsonValue.Missing);

    /// <summary>What has no field of its own.</summary>
    public ReadOnlyMemory<byte> Rest() => _values.Where(attribute => !Read.Contains(attribute.Key)).Aggregate(new MetaText(), (meta, attribute) => meta.Add(attribute.Key, attribute.Value)).ToJson();
}

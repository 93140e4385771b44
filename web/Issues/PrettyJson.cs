using System.Text.Encodings.Web;
using System.Text.Json;

namespace ErrorPipeline.Web.Issues;

/// <summary>JSON of a stranger, laid out for reading; as it is where it cannot be parsed. Razor encodes it afterwards.</summary>
internal static class PrettyJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(parsed.RootElement, Readable);
        }
        catch (JsonException)
        {
            return json;
        }
    }
}

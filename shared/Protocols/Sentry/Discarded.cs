using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols.Sentry;

/// <summary>What a client report says was not sent: <c>{"discarded_events":[{"category":"error","quantity":3}]}</c>.</summary>
internal static class Discarded
{
    private const int Most = 1_000_000;

    /// <summary>The sum with the errors of this report added; what is not readable adds nothing.</summary>
    public static int Add(int sum, ReadOnlySpan<byte> report)
    {
        var json = JsonPass.Begin(report);
        if (json.TokenType != JsonTokenType.StartObject)
            return sum;
        while (JsonPass.NextProperty(ref json))
        {
            var wanted = JsonPass.Is(json, "discarded_events"u8);
            json.Read();
            if (!wanted || json.TokenType != JsonTokenType.StartArray)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType == JsonTokenType.StartObject)
                    sum = Math.Min(Most, sum + Errors(ref json));
                else
                    json.Skip();
            }
        }

        return sum;
    }

    private static int Errors(ref Utf8JsonReader json)
    {
        var isError = false;
        var quantity = 0.0;
        while (JsonPass.NextProperty(ref json))
        {
            if (JsonPass.Is(json, "category"u8) && json.Read())
                isError = json.TokenType == JsonTokenType.String && JsonPass.Is(json, "error"u8);
            else if (json.TokenType == JsonTokenType.PropertyName && JsonPass.Is(json, "quantity"u8) && json.Read())
                quantity = json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var value) ? value : 0;
            else if (json.TokenType == JsonTokenType.PropertyName)
                json.Read();
            json.Skip();
        }

        return isError ? (int)Math.Clamp(quantity, 0, Most) : 0;
    }
}

using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols.Bugsnag;

/// <summary><c>{"apiKey", "notifier", "events":[...]}</c>: every event becomes one, with the notifier beside it.</summary>
public static class BugsnagSkim
{
    private static readonly string[] Parts = ["notifier", "event"];

    public static SkimFailure? Read(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into) => JsonPass.Whole(body, limits, into, Payload);

    private static SkimFailure? Payload(ref Utf8JsonReader json, int offset, SkimLimits limits, SkimmedRequest into)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            return JsonPass.Malformed("the body must be a JSON object");
        var notifier = default(Place);
        while (JsonPass.NextProperty(ref json))
        {
            if (JsonPass.Is(json, "notifier"u8) && json.Read())
                notifier = JsonPass.Value(ref json, offset);
            else if (JsonPass.Is(json, "events"u8) && json.Read())
            {
                if (Events(ref json, offset, limits, into) is { } failure)
                    return failure;
            }
            else if (JsonPass.Is(json, "apiKey"u8) && json.Read())
                into.Key = TextAndSkip(ref json);
            else if (json.Read())
                json.Skip();
        }

        for (var i = 0; i < into.Events.Count; i++)
            into.Events[i] = into.Events[i] with { Parts = Parts, Outer = notifier };
        return into.Events.Count == 0 ? JsonPass.Malformed("\"events\" must be an array with at least one event") : null;
    }

    private static SkimFailure? Events(ref Utf8JsonReader json, int offset, SkimLimits limits, SkimmedRequest into) =>
        json.TokenType == JsonTokenType.StartArray
            ? JsonPass.Elements(ref json, "event", offset, limits, into)
            : JsonPass.Malformed("\"events\" must be an array");

    private static string? TextAndSkip(ref Utf8JsonReader json)
    {
        var text = JsonPass.ShortText(json, 100);
        json.Skip();
        return text;
    }
}

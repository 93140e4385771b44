using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols.Bugsnag;

/// <summary><c>{"apiKey", "notifier", "events":[...]}</c>: every event becomes one, with the notifier beside it.</summary>
public static class BugsnagSkim
{
    private static readonly string[] Parts = ["notifier", "event"];

    public static SkimFailure? Read(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        var offset = JsonPass.MarkLength(body);
        try
        {
            var json = JsonPass.Begin(body[offset..]);
            if (json.TokenType != JsonTokenType.StartObject)
                return JsonPass.Malformed("the body must be a JSON object");
            var notifier = default(Place);
            SkimFailure? failure = null;
            while (failure is null && JsonPass.NextProperty(ref json))
            {
                if (JsonPass.Is(json, "notifier"u8) && json.Read())
                    notifier = JsonPass.Whole(ref json, offset);
                else if (JsonPass.Is(json, "events"u8) && json.Read())
                    failure = Events(ref json, offset, limits, into);
                else if (JsonPass.Is(json, "apiKey"u8) && json.Read())
                    into.Key = TextAndSkip(ref json);
                else if (json.Read())
                    json.Skip();
            }

            if (failure is not null)
                return failure;
            // Asserts that nothing follows.
            json.Read();
            for (var i = 0; i < into.Events.Count; i++)
                into.Events[i] = into.Events[i] with { Parts = Parts, Outer = notifier };
            return into.Events.Count == 0 ? JsonPass.Malformed("\"events\" must be an array with at least one event") : null;
        }
        catch (JsonException e)
        {
            return JsonPass.NotJson(e, "the body");
        }
    }

    private static SkimFailure? Events(ref Utf8JsonReader json, int offset, SkimLimits limits, SkimmedRequest into)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            return JsonPass.Malformed("\"events\" must be an array");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
                return JsonPass.Malformed("every event must be an object");
            if (into.Events.Count == limits.Events)
                return JsonPass.TooManyEvents(limits);
            var place = JsonPass.Whole(ref json, offset);
            if (place.Length > limits.EventBytes)
                return JsonPass.TooLong(limits);
            into.Events.Add(new(place.Start, place.Length, null));
        }

        return null;
    }

    private static string? TextAndSkip(ref Utf8JsonReader json)
    {
        var text = JsonPass.ShortText(json, 100);
        json.Skip();
        return text;
    }
}

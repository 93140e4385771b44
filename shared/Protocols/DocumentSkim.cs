using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols;

/// <summary>
/// Protocols whose request is one event, a JSON object: Rollbar, Airbrake, Honeybadger, Raygun, TrackJS, and Sentry before
/// envelopes.
/// </summary>
public static class DocumentSkim
{
    public static Skim SentryStore { get; } = Of(required: null, JsonTokenType.StartObject, null, "event_id");

    public static Skim Rollbar { get; } = Of("data", JsonTokenType.StartObject, "access_token", "data", "uuid");

    public static Skim Airbrake { get; } = Of("errors", JsonTokenType.StartArray);

    public static Skim Honeybadger { get; } = Of("error", JsonTokenType.StartObject);

    public static Skim Raygun { get; } = Of("Details", JsonTokenType.StartObject);

    public static Skim TrackJs { get; } = Of(required: null, JsonTokenType.StartObject);

    public static Skim CspReport { get; } = Of("csp-report", JsonTokenType.StartObject);

    /// <param name="required">Property that every such event has; without it the request is something else.</param>
    /// <param name="key">Property in which old versions carry the project's key.</param>
    /// <param name="id">Path of the event's id, where the protocol has one.</param>
    private static Skim Of(string? required, JsonTokenType kind, string? key = null, params string[] id) => (body, limits, into) =>
        JsonPass.Whole(body, limits, into, (ref json, offset, limits, into) =>
        {
            if (json.TokenType != JsonTokenType.StartObject)
                return JsonPass.Malformed("the body must be a JSON object");
            var start = (int)json.TokenStartIndex;
            var found = false;
            var eventId = Walk(ref json, required, kind, key, id, ref found, into);
            return required is null || found
                ? JsonPass.Add(new(start + offset, (int)json.BytesConsumed - start, eventId), limits, into)
                : JsonPass.Malformed($"\"{required}\" is missing or of the wrong type");
        });

    private static EventId? Walk(ref Utf8JsonReader json, string? required, JsonTokenType kind, string? key, ReadOnlySpan<string> path, ref bool found, SkimmedRequest into)
    {
        EventId? id = null;
        while (JsonPass.NextProperty(ref json))
        {
            var isRequired = required is not null && !json.ValueIsEscaped && json.ValueTextEquals(required);
            var isStep = !path.IsEmpty && !json.ValueIsEscaped && json.ValueTextEquals(path[0]);
            var isKey = key is not null && !json.ValueIsEscaped && json.ValueTextEquals(key);
            json.Read();
            if (isKey)
                into.Key = JsonPass.ShortText(json, 100);
            if (isRequired)
                found = json.TokenType == kind;
            if (isStep && path.Length == 1)
                id = JsonPass.Id(json);
            if (isStep && path.Length > 1 && json.TokenType == JsonTokenType.StartObject)
            {
                var ignored = false;
                id = Walk(ref json, null, kind, null, path[1..], ref ignored, into);
            }
            else
            {
                json.Skip();
            }
        }

        return id;
    }
}

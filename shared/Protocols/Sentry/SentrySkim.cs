using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols.Sentry;

/// <summary>
/// Envelopes: a header line, then pairs of an item's header and its payload. Events and what visitors say of them are kept;
/// client reports and sessions are counted, every other kind is passed over by its length, whatever it holds.
/// </summary>
public static class SentrySkim
{
    private const int LongestHeader = 16 << 10;
    private const int MostItems = 10_000;

    /// <summary>Of both kinds of items with a visitor's words.</summary>
    private const string Feedback = "sentry-feedback";

    private static readonly HashSet<string> Known =
    [
        "session", "sessions", "attachment", "transaction", "span", "log", "trace_metric",
        "replay_event", "replay_recording", "replay_video", "profile", "profile_chunk", "check_in", "statsd", "metric_meta",
    ];

    public static SkimFailure? Read(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        var at = JsonPass.MarkLength(body);
        try
        {
            Header(Line(body, ref at), into);
        }
        catch (JsonException e)
        {
            return JsonPass.NotJson(e, "the envelope's header line");
        }

        for (var items = 0; ; items++)
        {
            while (at < body.Length && body[at] is (byte)'\n' or (byte)'\r')
                at++;
            if (at >= body.Length)
                return null;
            if (items == MostItems)
                return new(SkimFault.TooMuch, "at most 10000 items fit in an envelope: send the rest in another");
            if (Item(body, ref at, limits, into) is { } failure)
                return failure;
        }
    }

    private static SkimFailure? Item(ReadOnlySpan<byte> body, ref int at, SkimLimits limits, SkimmedRequest into)
    {
        string? type;
        int? length;
        try
        {
            (type, length) = ItemHeader(Line(body, ref at));
        }
        catch (JsonException e)
        {
            return JsonPass.NotJson(e, "an item's header line");
        }

        if (type is null)
            return JsonPass.Malformed("an item's header has no \"type\"");
        if (length is < 0 || length > body.Length - at)
            return JsonPass.Malformed($"the envelope is cut off: its {type} item says it is longer than what is left");
        var start = at;
        if (length is { } known)
        {
            at += known;
            if (at < body.Length && body[at] is not ((byte)'\n' or (byte)'\r'))
                return JsonPass.Malformed($"the length of the {type} item is wrong: no line ends there");
        }

        var payload = length is { } bytes ? body.Slice(start, bytes) : Line(body, ref at);
        try
        {
            return Take(type, payload, start, limits, into);
        }
        catch (JsonException e)
        {
            return JsonPass.NotJson(e, $"the {type} item");
        }
    }

    private static SkimFailure? Take(string type, ReadOnlySpan<byte> payload, int start, SkimLimits limits, SkimmedRequest into)
    {
        switch (type)
        {
            case "event":
                var json = JsonPass.Begin(payload);
                if (json.TokenType != JsonTokenType.StartObject)
                    return JsonPass.Malformed("the event item must be a JSON object");
                return JsonPass.Add(new(start, payload.Length, EventIdOf(ref json) ?? into.RequestId), limits, into);
            case "feedback" or "user_report":
                json = JsonPass.Begin(payload);
                if (json.TokenType != JsonTokenType.StartObject)
                    return JsonPass.Malformed($"the {type} item must be a JSON object");
                // The id in a user_report is that of the event it is about.
                var id = EventIdOf(ref json);
                return JsonPass.Add(new(start, payload.Length, type == "feedback" ? id : null) { Protocol = Feedback }, limits, into);
            case "client_report":
                if (payload.Length <= LongestHeader)
                    into.Suppressed = Discarded.Add(into.Suppressed, payload);
                into.Ignore(type);
                return null;
            case "session" or "sessions":
                if (!SessionItems.Add(payload, into))
                    into.Ignore(type);
                return null;
            default:
                into.Ignore(Known.Contains(type) ? type : "other");
                return null;
        }
    }

    private static EventId? EventIdOf(ref Utf8JsonReader json)
    {
        EventId? id = null;
        while (JsonPass.NextProperty(ref json))
        {
            var isId = JsonPass.Is(json, "event_id"u8);
            json.Read();
            if (isId)
                id = JsonPass.Id(json);
            json.Skip();
        }

        // Asserts that nothing follows.
        json.Read();
        return id;
    }

    private static void Header(ReadOnlySpan<byte> line, SkimmedRequest into)
    {
        var json = HeaderLine(line);
        while (JsonPass.NextProperty(ref json))
        {
            if (JsonPass.Is(json, "event_id"u8) && json.Read())
                into.RequestId = JsonPass.Id(json);
            else if (JsonPass.Is(json, "sent_at"u8) && json.Read())
                into.SentAt = JsonPass.Time(json);
            else if (JsonPass.Is(json, "dsn"u8) && json.Read())
                into.Key = Dsn.KeyOf(JsonPass.ShortText(json, 500));
            else if (json.TokenType == JsonTokenType.PropertyName)
                json.Read();
            json.Skip();
        }
    }

    private static (string? Type, int? Length) ItemHeader(ReadOnlySpan<byte> line)
    {
        var json = HeaderLine(line);
        string? type = null;
        int? length = null;
        while (JsonPass.NextProperty(ref json))
        {
            if (JsonPass.Is(json, "type"u8) && json.Read())
                type = JsonPass.ShortText(json, 40);
            else if (JsonPass.Is(json, "length"u8) && json.Read())
                length = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var value) ? value : json.TokenType == JsonTokenType.Null ? null : -1;
            else if (json.TokenType == JsonTokenType.PropertyName)
                json.Read();
            json.Skip();
        }

        return (type, length);
    }

    private static Utf8JsonReader HeaderLine(ReadOnlySpan<byte> line)
    {
        if (line.Length > LongestHeader)
            throw new JsonException("too long", null, 0, 0);
        var json = JsonPass.Begin(line);
        return json.TokenType == JsonTokenType.StartObject ? json : throw new JsonException("not an object", null, 0, 0);
    }

    /// <summary>Up to the next line feed, which is passed over.</summary>
    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> body, ref int at)
    {
        var rest = body[at..];
        var end = rest.IndexOf((byte)'\n');
        at += end < 0 ? rest.Length : end + 1;
        return end < 0 ? rest : rest[..end];
    }
}

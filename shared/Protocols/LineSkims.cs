using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols;

/// <summary>Protocols that put one JSON object on each line: Datadog, of whose lines those of errors are kept, and Elastic, whose first line belongs to all.</summary>
public static class LineSkims
{
    private const int MostLines = 10_000;

    private static readonly string[] ElasticParts = ["metadata", "error"];

    private static readonly HashSet<string> ErrorStatuses = ["error", "critical", "alert", "emerg", "emergency"];

    private static readonly HashSet<string> RumTypes = ["view", "view_update", "action", "resource", "long_task", "vital", "transition"];

    public static SkimFailure? DatadogRum(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into) => Read(body, limits, into, RumLine);

    public static SkimFailure? DatadogLogs(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into) => Read(body, limits, into, LogLine);

    public static SkimFailure? Elastic(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into) => Read(body, limits, into, ElasticLine);

    /// <param name="shared">What a line leaves for those after it.</param>
    private delegate EventSpan? Line(ReadOnlySpan<byte> line, int start, SkimmedRequest into, ref Place shared);

    private static SkimFailure? Read(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into, Line read)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        var at = JsonPass.MarkLength(body);
        var shared = default(Place);
        var lines = 0;
        while (at < body.Length)
        {
            var end = body[at..].IndexOf((byte)'\n');
            var line = end < 0 ? body[at..] : body.Slice(at, end);
            var start = at;
            at += line.Length + 1;
            if (line.Trim(" \r\t"u8).IsEmpty)
                continue;
            if (++lines > MostLines)
                return new(SkimFault.TooMuch, "at most 10000 lines fit in a request: send the rest in another");
            try
            {
                if (read(line, start, into, ref shared) is not { } found)
                    continue;
                if (JsonPass.Add(found, limits, into) is { } failure)
                    return failure;
            }
            catch (JsonException e)
            {
                return JsonPass.NotJson(e, $"line {lines} of the body");
            }
        }

        return lines == 0 ? JsonPass.Malformed("the body is empty: it must have one JSON object on each line") : null;
    }

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> line)
    {
        var json = JsonPass.Begin(line);
        return json.TokenType == JsonTokenType.StartObject ? json : throw new JsonException("not an object", null, 0, 0);
    }

    private static EventSpan? RumLine(ReadOnlySpan<byte> line, int start, SkimmedRequest into, ref Place shared)
    {
        var json = Begin(line);
        string? type = null;
        EventId? id = null;
        while (JsonPass.NextProperty(ref json))
        {
            var isType = JsonPass.Is(json, "type"u8);
            var isError = JsonPass.Is(json, "error"u8);
            json.Read();
            if (isType)
                type = JsonPass.ShortText(json, 40);
            if (isError && json.TokenType == JsonTokenType.StartObject)
                id = IdOf(ref json);
            else
                json.Skip();
        }

        json.Read();
        if (type == "error")
            return new(start, line.Length, id);
        into.Ignore(type is not null && RumTypes.Contains(type) ? type : "other");
        return null;
    }

    private static EventSpan? LogLine(ReadOnlySpan<byte> line, int start, SkimmedRequest into, ref Place shared)
    {
        var json = Begin(line);
        var isError = false;
        while (JsonPass.NextProperty(ref json))
        {
            var isStatus = JsonPass.Is(json, "status"u8);
            var isTold = JsonPass.Is(json, "error"u8);
            json.Read();
            isError |= isTold && json.TokenType == JsonTokenType.StartObject;
            isError |= isStatus && JsonPass.ShortText(json, 20) is { } status && ErrorStatuses.Contains(status);
            json.Skip();
        }

        json.Read();
        if (isError)
            return new(start, line.Length, null);
        into.Ignore("log");
        return null;
    }

    /// <summary>Names are short in version 3 of the intake: m, e, x, me.</summary>
    private static EventSpan? ElasticLine(ReadOnlySpan<byte> line, int start, SkimmedRequest into, ref Place shared)
    {
        var json = Begin(line);
        EventSpan? found = null;
        while (JsonPass.NextProperty(ref json))
        {
            if ((JsonPass.Is(json, "metadata"u8) || JsonPass.Is(json, "m"u8)) && json.Read())
                shared = JsonPass.Value(ref json, start);
            else if (json.TokenType == JsonTokenType.PropertyName && (JsonPass.Is(json, "error"u8) || JsonPass.Is(json, "e"u8)) && json.Read())
                found = ElasticError(ref json, start, shared);
            else if (json.TokenType == JsonTokenType.PropertyName)
                Pass(ref json, into);
        }

        json.Read();
        return found;
    }

    private static EventSpan? ElasticError(ref Utf8JsonReader json, int start, Place metadata)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("an error must be an object", null, 0, json.TokenStartIndex);
        var from = (int)json.TokenStartIndex;
        var id = IdOf(ref json);
        return new(start + from, (int)json.BytesConsumed - from, id) { Parts = ElasticParts, Outer = metadata };
    }

    private static void Pass(ref Utf8JsonReader json, SkimmedRequest into)
    {
        var kind = JsonPass.Is(json, "transaction"u8) || JsonPass.Is(json, "x"u8) ? "transaction"
            : JsonPass.Is(json, "span"u8) || JsonPass.Is(json, "y"u8) ? "span"
            : JsonPass.Is(json, "metricset"u8) || JsonPass.Is(json, "me"u8) ? "metricset" : "other";
        json.Read();
        json.Skip();
        into.Ignore(kind);
    }

    /// <summary>"id" of the object at which the reader is; then it is at its end.</summary>
    private static EventId? IdOf(ref Utf8JsonReader json)
    {
        EventId? id = null;
        while (JsonPass.NextProperty(ref json))
        {
            var isId = JsonPass.Is(json, "id"u8);
            json.Read();
            if (isId)
                id = JsonPass.Id(json);
            json.Skip();
        }

        return id;
    }
}

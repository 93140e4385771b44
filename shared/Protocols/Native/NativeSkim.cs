using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace ErrorPipeline.Shared.Protocols.Native;

/// <summary>
/// One pass over a request of the native protocol: asserts that it is JSON within the limits, and finds the events' spans and
/// ids. Builds no objects. See docs/native-protocol.md.
/// </summary>
public static class NativeSkim
{
    /// <summary>More than any honest client suppresses between two requests.</summary>
    private const int MostSuppressed = 1_000_000;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>Null where <paramref name="into"/> now holds at least one event; otherwise why the request is refused.</summary>
    public static SkimFailure? Read(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        if (!Utf8.IsValid(body))
            return Malformed("the body is not UTF-8");
        var start = body.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;

        // One level more than allowed, so that this code and not the reader says that it is too deep.
        var json = new Utf8JsonReader(body[start..], new JsonReaderOptions { MaxDepth = limits.Depth + 1 });
        try
        {
            return new Pass(json, start, limits, into).Request();
        }
        catch (JsonException e)
        {
            return Malformed(string.Create(
                CultureInfo.InvariantCulture,
                $"the body is not JSON: look at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"));
        }
    }

    private static SkimFailure Malformed(string message) => new(SkimFault.Malformed, message);

    private ref struct Pass(Utf8JsonReader json, int offset, SkimLimits limits, SkimmedRequest into)
    {
        private Utf8JsonReader _json = json;
        private SkimFailure? _failure;

        public SkimFailure? Request()
        {
            _json.Read();
            _ = _json.TokenType switch
            {
                JsonTokenType.StartArray => Events(),
                JsonTokenType.StartObject => EventOrBatch(),
                _ => Fail("the body must be an event object, an array of events, or {\"sentAt\":..., \"events\":[...]}"),
            };
            if (_failure is not null)
                return _failure;
            // Asserts that nothing follows: the reader throws otherwise.
            _json.Read();
            return into.Events.Count == 0 ? Malformed("the request holds no events") : null;
        }

        private bool EventOrBatch()
        {
            var start = _json.TokenStartIndex;
            EventId? id = null;
            var batch = false;
            while (Next() && _json.TokenType != JsonTokenType.EndObject)
            {
                if (Is("id"u8))
                {
                    id = Id();
                }
                else if (Is("sentAt"u8))
                {
                    Next();
                    into.SentAt = Milliseconds();
                }
                else if (Is("suppressed"u8))
                {
                    Next();
                    into.Suppressed = (int)Math.Clamp(Milliseconds() ?? 0, 0, MostSuppressed);
                }
                else if (Is("events"u8))
                {
                    Next();
                    batch = true;
                    if (_json.TokenType != JsonTokenType.StartArray)
                        return Fail("\"events\" must be an array of event objects");
                    Events();
                    continue;
                }
                else
                {
                    Next();
                }

                SkipValue();
            }

            return _failure is null && (batch || Add(start, id));
        }

        private bool Events()
        {
            while (Next() && _json.TokenType != JsonTokenType.EndArray)
            {
                if (_json.TokenType != JsonTokenType.StartObject)
                    return Fail(string.Create(CultureInfo.InvariantCulture, $"event {into.Events.Count} of the request must be an object"));
                Event();
            }

            return _failure is null;
        }

        private void Event()
        {
            var start = _json.TokenStartIndex;
            EventId? id = null;
            while (Next() && _json.TokenType != JsonTokenType.EndObject)
            {
                if (Is("id"u8))
                    id = Id();
                else
                    Next();
                SkipValue();
            }

            if (_failure is null)
                Add(start, id);
        }

        private bool Add(long start, EventId? id)
        {
            if (into.Events.Count == limits.Events)
            {
                _failure = new(SkimFault.TooMuch, string.Create(
                    CultureInfo.InvariantCulture, $"at most {limits.Events} events fit in a request: send the rest in another"));
                return false;
            }

            into.Events.Add(new((int)start + offset, (int)(_json.BytesConsumed - start), id));
            return true;
        }

        private readonly bool Is(ReadOnlySpan<byte> name) => !_json.ValueIsEscaped && _json.ValueTextEquals(name);

        /// <summary>Reads on to the value; one of the wrong type is as good as none.</summary>
        private EventId? Id()
        {
            Next();
            return _json.TokenType == JsonTokenType.String && !_json.ValueIsEscaped && EventId.TryParse(_json.ValueSpan, out var id)
                ? id
                : null;
        }

        private readonly long? Milliseconds()
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetDouble(out var value))
                return null;
            return value is > 0 and < 1e15 ? (long)value : null;
        }

        /// <summary>From a value's first token to its last.</summary>
        private void SkipValue()
        {
            if (_failure is not null || _json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                return;
            var depth = _json.CurrentDepth;
            while (Next() && _json.CurrentDepth > depth)
            {
            }
        }

        /// <summary>False where the request was refused; the reader throws at the end of a body that is cut off.</summary>
        private bool Next()
        {
            if (_failure is not null)
                return false;
            _json.Read();
            if (_json.CurrentDepth >= limits.Depth && _json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return Fail(string.Create(CultureInfo.InvariantCulture, $"the JSON is nested deeper than {limits.Depth} levels"));
            return true;
        }

        private bool Fail(string message)
        {
            _failure ??= Malformed(message);
            return false;
        }
    }
}

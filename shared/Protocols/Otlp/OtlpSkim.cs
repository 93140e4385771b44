using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols.Otlp;

/// <summary>
/// OTLP/HTTP JSON: log records that tell of an exception or are of severity error and above, and exception events of spans. Each is kept with its resource and its
/// scope or span; records and events of other kinds are ignored.
/// </summary>
public static class OtlpSkim
{
    private static readonly string[] LogParts = ["resource", "scope", "record"];
    private static readonly string[] SpanParts = ["resource", "span", "event"];

    public static SkimFailure? Logs(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into) =>
        JsonPass.Whole(body, limits, into, static (ref json, offset, limits, into) => Read(ref json, offset, limits, into, logs: true));

    public static SkimFailure? Traces(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into) =>
        JsonPass.Whole(body, limits, into, static (ref json, offset, limits, into) => Read(ref json, offset, limits, into, logs: false));

    private static SkimFailure? Read(ref Utf8JsonReader json, int offset, SkimLimits limits, SkimmedRequest into, bool logs)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            return JsonPass.Malformed("the body must be a JSON object");
        var pass = new Pass(json, offset, limits, into, logs);
        var failure = pass.Request();
        json = pass.Reader;
        return failure;
    }

    private ref struct Pass(Utf8JsonReader json, int offset, SkimLimits limits, SkimmedRequest into, bool logs)
    {
        private Utf8JsonReader _json = json;
        private SkimFailure? _failure;

        public readonly Utf8JsonReader Reader => _json;

        public SkimFailure? Request()
        {
            while (NextProperty())
            {
                if (Enter(logs ? "resourceLogs"u8 : "resourceSpans"u8))
                    while (NextElement())
                        OfResource();
            }

            return _failure;
        }

        private void OfResource()
        {
            var first = into.Events.Count;
            var resource = default(Place);
            while (NextProperty())
            {
                if (JsonPass.Is(_json, "resource"u8))
                    resource = Value();
                else if (Enter(logs ? "scopeLogs"u8 : "scopeSpans"u8))
                    while (NextElement())
                        OfScope();
            }

            for (var i = first; i < into.Events.Count; i++)
                into.Events[i] = into.Events[i] with { Outer = resource };
        }

        private void OfScope()
        {
            var first = into.Events.Count;
            var scope = default(Place);
            while (NextProperty())
            {
                if (JsonPass.Is(_json, "scope"u8))
                    scope = Value();
                else if (Enter(logs ? "logRecords"u8 : "spans"u8))
                    while (NextElement())
                        RecordOrSpan();
            }

            for (var i = first; logs && i < into.Events.Count; i++)
                into.Events[i] = into.Events[i] with { Middle = scope };
        }

        private void RecordOrSpan()
        {
            if (logs)
            {
                Candidate("eventName"u8, LogParts);
                return;
            }

            var first = into.Events.Count;
            var start = (int)_json.TokenStartIndex;
            while (NextProperty())
            {
                if (Enter("events"u8))
                    while (NextElement())
                        Candidate("name"u8, SpanParts);
            }

            var span = new Place(start + offset, (int)_json.BytesConsumed - start);
            for (var i = first; i < into.Events.Count; i++)
                into.Events[i] = into.Events[i] with { Middle = span };
        }

        /// <summary>Takes the object at hand where its name is "exception", an attribute is of an exception, or its severity is an error's.</summary>
        private void Candidate(ReadOnlySpan<byte> name, string[] parts)
        {
            var start = (int)_json.TokenStartIndex;
            var isException = false;
            while (NextProperty())
            {
                if (JsonPass.Is(_json, name))
                {
                    _json.Read();
                    isException |= _json.TokenType == JsonTokenType.String && JsonPass.Is(_json, "exception"u8);
                    _json.Skip();
                }
                else if (logs && JsonPass.Is(_json, "severityNumber"u8))
                {
                    _json.Read();
                    isException |= IsOfError();
                    _json.Skip();
                }
                else if (Enter("attributes"u8))
                {
                    while (NextElement())
                        isException |= IsOfException();
                }
            }

            if (_failure is null && isException)
                _failure = JsonPass.Add(new(start + offset, (int)_json.BytesConsumed - start, null) { Parts = parts }, limits, into);
            else if (_failure is null)
                into.Ignore(logs ? "log" : "span_event");
        }

        /// <summary>From 17 on severities are errors. The JSON form of protobuf also allows names.</summary>
        private readonly bool IsOfError() => _json.TokenType == JsonTokenType.Number
            ? _json.TryGetInt32(out var number) && number >= 17
            : JsonPass.ShortText(_json, 40) is { } name && (name.StartsWith("SEVERITY_NUMBER_ERROR", StringComparison.Ordinal) || name.StartsWith("SEVERITY_NUMBER_FATAL", StringComparison.Ordinal));

        private bool IsOfException()
        {
            var found = false;
            while (NextProperty())
            {
                var isKey = JsonPass.Is(_json, "key"u8);
                _json.Read();
                found |= isKey && _json.TokenType == JsonTokenType.String && !_json.ValueIsEscaped
                    && (_json.ValueTextEquals("exception.type"u8) || _json.ValueTextEquals("exception.message"u8) || _json.ValueTextEquals("exception.stacktrace"u8));
                _json.Skip();
            }

            return found;
        }

        private Place Value()
        {
            _json.Read();
            return JsonPass.Value(ref _json, offset);
        }

        /// <summary>Goes into the array of that name; passes over the value of any other name, and over anything but an array.</summary>
        private bool Enter(ReadOnlySpan<byte> name)
        {
            var wanted = JsonPass.Is(_json, name);
            _json.Read();
            if (wanted && _json.TokenType == JsonTokenType.StartArray)
                return true;
            _json.Skip();
            return false;
        }

        private bool NextProperty() => _failure is null && JsonPass.NextProperty(ref _json);

        /// <summary>The next object of an array; other elements are passed over.</summary>
        private bool NextElement()
        {
            while (_failure is null && _json.Read() && _json.TokenType != JsonTokenType.EndArray)
            {
                if (_json.TokenType == JsonTokenType.StartObject)
                    return true;
                _json.Skip();
            }

            return false;
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace ErrorPipeline.Shared.Protocols;

/// <summary>What the skims of other clients' protocols share: a reader within the limits, and failures in words.</summary>
internal static class JsonPass
{
    /// <summary>What readers of the body behind the collector take by default.</summary>
    private const int Depth = 64;

    /// <summary>How a protocol reads a body that is one JSON text; the reader is at its first token, and then at its last.</summary>
    /// <param name="offset">Where the reader's bytes begin in the body.</param>
    public delegate SkimFailure? Reading(ref Utf8JsonReader json, int offset, SkimLimits limits, SkimmedRequest into);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    public static SkimFailure Malformed(string message) => new(SkimFault.Malformed, message);

    private static SkimFailure TooManyEvents(SkimLimits limits) => new(SkimFault.TooMuch, string.Create(
        CultureInfo.InvariantCulture, $"at most {limits.Events} events fit in a request: send the rest in another"));

    public static SkimFailure TooLong(SkimLimits limits) => new(SkimFault.TooMuch, string.Create(
        CultureInfo.InvariantCulture, $"an event may have {limits.EventBytes} bytes: send less data with it"));

    public static SkimFailure NotJson(JsonException e, string what) => Malformed(string.Create(
        CultureInfo.InvariantCulture, $"{what} is not JSON, or nested deeper than {Depth} levels: look at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"));

    /// <summary>The frame around every skim of one JSON text: nothing may stand behind the text, and what is no JSON is said in words.</summary>
    public static SkimFailure? Whole(ReadOnlySpan<byte> body, SkimLimits limits, SkimmedRequest into, Reading read)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        var offset = MarkLength(body);
        try
        {
            var json = Begin(body[offset..]);
            if (read(ref json, offset, limits, into) is { } failure)
                return failure;
            json.Read();
            return null;
        }
        catch (JsonException e)
        {
            return NotJson(e, "the body");
        }
    }

    /// <summary>Every element of the array at which the reader is becomes an event.</summary>
    /// <param name="noun">What the sender calls an element.</param>
    public static SkimFailure? Elements(ref Utf8JsonReader json, string noun, int offset, SkimLimits limits, SkimmedRequest into)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
                return Malformed($"every {noun} must be an object");
            var place = Value(ref json, offset);
            if (Add(new(place.Start, place.Length, null), limits, into) is { } failure)
                return failure;
        }

        return null;
    }

    /// <summary>One event more, within the limits.</summary>
    public static SkimFailure? Add(EventSpan found, SkimLimits limits, SkimmedRequest into)
    {
        if (into.Events.Count == limits.Events)
            return TooManyEvents(limits);
        if (found.Length > limits.EventBytes)
            return TooLong(limits);
        into.Events.Add(found);
        return null;
    }

    /// <summary>Reader at the first token of one JSON text. Throws JsonException.</summary>
    public static Utf8JsonReader Begin(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new JsonException("not UTF-8", null, 0, 0);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Depth });
        reader.Read();
        return reader;
    }

    /// <summary>Bytes of a mark that some tools put first, and no JSON reader takes.</summary>
    public static int MarkLength(ReadOnlySpan<byte> body) => body.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;

    /// <summary>True on the name of a property; false at the object's end. The reader is then at its value.</summary>
    public static bool NextProperty(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    public static bool Is(in Utf8JsonReader json, ReadOnlySpan<byte> name) => !json.ValueIsEscaped && json.ValueTextEquals(name);

    /// <summary>The value's bytes; the reader is then at its last token.</summary>
    public static Place Value(ref Utf8JsonReader json, int offset)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return new(start + offset, (int)json.BytesConsumed - start);
    }

    /// <summary>One of the wrong type is as good as none.</summary>
    public static EventId? Id(in Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && EventId.TryParse(json.ValueSpan, out var id) ? id : null;

    /// <summary>ms since 1970 of an ISO 8601 time; null for anything else.</summary>
    public static long? Time(in Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && json.TryGetDateTimeOffset(out var time) ? time.ToUnixTimeMilliseconds() : null;

    /// <summary>Text that is short and plain; null for anything else.</summary>
    public static string? ShortText(in Utf8JsonReader json, int longest) =>
        json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && json.ValueSpan.Length <= longest ? json.GetString() : null;
}

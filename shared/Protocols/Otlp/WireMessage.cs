namespace ErrorPipeline.Shared.Protocols.Otlp;

internal enum WireKind
{
    Text,
    Bytes,
    Hex,
    Bool,
    Int,
    Long,
    Fixed64,
    Double,
    Message,
}

/// <summary>One field of a protobuf message and its name in the protocol's JSON form.</summary>
internal sealed record WireField(int Number, string Name, WireKind Kind, bool Repeated = false)
{
    /// <summary>Of a message's field. Late, because values hold values.</summary>
    public Func<WireField[]>? Fields { get; init; }
}

/// <summary>The messages of OTLP as far as exceptions need them; other fields are passed over.</summary>
internal static class WireMessage
{
    private static readonly WireField[] Values = [Of(1, "values", () => Value!, repeated: true)];
    private static readonly WireField[] Pairs = [Of(1, "values", () => Pair!, repeated: true)];

    private static readonly WireField[] Value =
    [
        new(1, "stringValue", WireKind.Text), new(2, "boolValue", WireKind.Bool), new(3, "intValue", WireKind.Long), new(4, "doubleValue", WireKind.Double),
        Of(5, "arrayValue", () => Values), Of(6, "kvlistValue", () => Pairs), new(7, "bytesValue", WireKind.Bytes),
    ];

    private static readonly WireField[] Pair = [new(1, "key", WireKind.Text), Of(2, "value", () => Value)];
    private static readonly WireField[] Resource = [Of(1, "attributes", () => Pair, repeated: true)];
    private static readonly WireField[] Scope = [new(1, "name", WireKind.Text), new(2, "version", WireKind.Text), Of(3, "attributes", () => Pair, repeated: true)];

    private static readonly WireField[] Record =
    [
        new(1, "timeUnixNano", WireKind.Fixed64), new(11, "observedTimeUnixNano", WireKind.Fixed64), new(2, "severityNumber", WireKind.Int),
        new(3, "severityText", WireKind.Text), Of(5, "body", () => Value), Of(6, "attributes", () => Pair, repeated: true),
        new(9, "traceId", WireKind.Hex), new(10, "spanId", WireKind.Hex), new(12, "eventName", WireKind.Text),
    ];

    private static readonly WireField[] Event =
        [new(1, "timeUnixNano", WireKind.Fixed64), new(2, "name", WireKind.Text), Of(3, "attributes", () => Pair, repeated: true)];

    private static readonly WireField[] Status = [new(2, "message", WireKind.Text), new(3, "code", WireKind.Int)];

    private static readonly WireField[] Span =
    [
        new(1, "traceId", WireKind.Hex), new(2, "spanId", WireKind.Hex), new(4, "parentSpanId", WireKind.Hex), new(5, "name", WireKind.Text),
        new(6, "kind", WireKind.Int), new(7, "startTimeUnixNano", WireKind.Fixed64), new(8, "endTimeUnixNano", WireKind.Fixed64),
        Of(9, "attributes", () => Pair, repeated: true), Of(11, "events", () => Event, repeated: true), Of(15, "status", () => Status),
    ];

    private static readonly WireField[] ScopeLogs = [Of(1, "scope", () => Scope), Of(2, "logRecords", () => Record, repeated: true)];
    private static readonly WireField[] ScopeSpans = [Of(1, "scope", () => Scope), Of(2, "spans", () => Span, repeated: true)];
    private static readonly WireField[] ResourceLogs = [Of(1, "resource", () => Resource), Of(2, "scopeLogs", () => ScopeLogs, repeated: true)];
    private static readonly WireField[] ResourceSpans = [Of(1, "resource", () => Resource), Of(2, "scopeSpans", () => ScopeSpans, repeated: true)];

    public static WireField[] LogsRequest { get; } = [Of(1, "resourceLogs", () => ResourceLogs, repeated: true)];

    public static WireField[] TracesRequest { get; } = [Of(1, "resourceSpans", () => ResourceSpans, repeated: true)];

    private static WireField Of(int number, string name, Func<WireField[]> fields, bool repeated = false) =>
        new(number, name, WireKind.Message, repeated) { Fields = fields };
}

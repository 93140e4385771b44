using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>One event of the native protocol with clean, bounded fields; nothing is scrubbed yet but the JSON texts.</summary>
internal sealed record NativeEvent
{
    /// <summary>The client's own clock, ms since 1970; uncorrected.</summary>
    public long? Timestamp { get; init; }
    public NativeFault Fault { get; init; } = NativeFault.None;

    /// <summary>Outermost first.</summary>
    public IReadOnlyList<NativeFault> Causes { get; init; } = [];
    public StackFrame? Source { get; init; }
    public string? Mechanism { get; init; }
    public bool? Handled { get; init; }
    public string Level { get; init; } = "error";
    public string? Url { get; init; }
    public string? Referrer { get; init; }
    public string? Release { get; init; }
    public string? Environment { get; init; }
    public EventUser? User { get; init; }
    public string? Session { get; init; }
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>JSON text, scrubbed.</summary>
    public string? Meta { get; init; }
    public IReadOnlyList<Breadcrumb> Breadcrumbs { get; init; } = [];
    public IReadOnlyList<string> Fingerprint { get; init; } = [];
    public string? Sdk { get; init; }

    /// <summary>The bytes were not one JSON object to their end; the fields before the damage are here.</summary>
    public bool Damaged { get; init; }
}

internal sealed record NativeFault(string? Type, string? Message, string? Stack)
{
    public static readonly NativeFault None = new(null, null, null);
}

using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Workers.Normalize.Blaming;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>One event as its client told it, whatever the protocol, with clean, bounded fields. Nothing is scrubbed yet.</summary>
internal sealed record ReadEvent
{
    /// <summary>The client's own clock, ms since 1970; uncorrected.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Instead of a time: how long ago it happened when it was sent, in ms.</summary>
    public long? Age { get; init; }
    public ReadFault Fault { get; init; } = ReadFault.None;

    /// <summary>Outermost first.</summary>
    public IReadOnlyList<ReadFault> Causes { get; init; } = [];
    public StackFrame? Source { get; init; }
    public string? Mechanism { get; init; }
    public bool? Handled { get; init; }
    public string Level { get; init; } = "error";
    public string? Url { get; init; }
    public string? Referrer { get; init; }
    public string? Release { get; init; }

    /// <summary>Tells builds of one release apart.</summary>
    public string? Dist { get; init; }
    public FileDebugIds DebugIds { get; init; } = FileDebugIds.None;
    public string? Environment { get; init; }
    public EventUser? User { get; init; }
    public string? Session { get; init; }
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>JSON as it came; empty for none.</summary>
    public ReadOnlyMemory<byte> Meta { get; init; }
    public IReadOnlyList<ReadCrumb> Breadcrumbs { get; init; } = [];
    public IReadOnlyList<string> Fingerprint { get; init; } = [];
    public string? Sdk { get; init; }

    /// <summary>Scripts of other origins whose tags lack crossorigin, as the client saw them when it was told "Script error.".</summary>
    public IReadOnlyList<string> HiddenScripts { get; init; } = [];

    /// <summary>Where this is no error, but what a visitor says of one.</summary>
    public VisitorWords? Feedback { get; init; }

    /// <summary>Counts where the request had no such header.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Client hints as JSON: brands, platform, platformVersion, mobile; empty for none.</summary>
    public ReadOnlyMemory<byte> AgentHints { get; init; }

    /// <summary>Where the adapter knows better than the frames who is to blame; a crawler is one all the same.</summary>
    public Blame? Blame { get; init; }

    /// <summary>The bytes were not one JSON object to their end; the fields before the damage are here.</summary>
    public bool Damaged { get; init; }
}

/// <param name="Data">JSON as it came; empty for none.</param>
internal sealed record ReadCrumb(long? Timestamp, string? Category, string? Level, string? Message, ReadOnlyMemory<byte> Data);

internal sealed record ReadFault(string? Type, string? Message, string? Stack)
{
    public static readonly ReadFault None = new(null, null, null);

    /// <summary>Newest first, where the client parsed the stack itself; the raw stack counts more where both are told.</summary>
    public IReadOnlyList<StackFrame> Frames { get; init; } = [];

    /// <summary>The outermost frame is the client's own wrapper around the site's callback.</summary>
    public bool Wrapped { get; init; }
}

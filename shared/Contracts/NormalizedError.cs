using System.Text.Json.Serialization;

namespace ErrorPipeline.Shared.Contracts;

/// <summary>
/// A parsed, scrubbed, classified and fingerprinted error with the facts of each of its occurrences.
/// Holds nothing that scrubbing would remove: no address of a visitor, no secrets.
/// </summary>
public sealed record NormalizedError
{
    public const int CurrentVersion = 1;

    public int V { get; init; } = CurrentVersion;

    public required int ProjectId { get; init; }

    public required Grouping Grouping { get; init; }

    /// <summary>Name of the protocol that brought it; null from a build that did not tell.</summary>
    public string? Protocol { get; init; }

    /// <summary>One line for people: type and message, cut to 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>Where it came from, for people: function and file of the first in-app frame, or the page.</summary>
    public string Culprit { get; init; } = "";

    public required ErrorDetail Error { get; init; }

    /// <summary>What the event-level samples of this record show; shared by all occurrences of the fold.</summary>
    public required EventContext Context { get; init; }

    /// <summary>Never empty. The first is the event that the context was read from.</summary>
    public required IReadOnlyList<NormalizedOccurrence> Occurrences { get; init; }

    public int Count => Occurrences.Count;
}

/// <summary>How an error was grouped. A frozen version never changes what it hashes.</summary>
/// <param name="Version">Algorithm, "v1".</param>
/// <param name="Fingerprint">32 lower-case hex digits.</param>
/// <param name="Tokens">What was hashed, in order, readable: the explanation shown to people.</param>
public sealed record Grouping(string Version, string Fingerprint, IReadOnlyList<string> Tokens)
{
    /// <summary>Why the tokens are what they are: what was left out of them, and what was made equal. For people, never hashed; null where there is nothing to say.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>
    /// Other names of this very error. A fingerprint that the store does not know joins the issue of one that shares a name with it
    /// and makes no new one. Null where there are none.
    /// </summary>
    public IReadOnlyList<GroupingAlias>? Aliases { get; init; }
}

/// <param name="Kind">A version of grouping, and the value is a fingerprint of it; or <see cref="Build"/>, and it tells the stack as that build ran it.</param>
/// <param name="Mapped">Of a build's stack: source maps have told the fingerprint. Two such fingerprints differ for good reason, so they never join by it.</param>
public sealed record GroupingAlias(string Kind, string Value, bool Mapped = false)
{
    public const string Build = "build";
}

/// <summary>Type, message, frames and causes of an error.</summary>
public sealed record ErrorDetail
{
    public required string Type { get; init; }
    public required string Message { get; init; }

    /// <summary>Newest first, at most 200.</summary>
    public required IReadOnlyList<StackFrame> Frames { get; init; }

    /// <summary>The raw stack, scrubbed and cut; null where frames came structured.</summary>
    public string? RawStack { get; init; }

    /// <summary>The chain of causes, outermost first, at most 10.</summary>
    public IReadOnlyList<ErrorDetail> Causes { get; init; } = [];
}

/// <summary>
/// One stack frame. Lines and columns are 1-based as engines give them; null where unknown. Where a source map resolved it,
/// this is the original place and <see cref="Generated"/> holds what the engine said.
/// </summary>
public sealed record StackFrame
{
    public string? Function { get; init; }
    public string? File { get; init; }
    public int? Line { get; init; }
    public int? Column { get; init; }
    public bool InApp { get; init; }

    /// <summary>What the client told of the file that ran, to find its source map by; null where it told nothing.</summary>
    public Guid? DebugId { get; init; }

    /// <summary>An await or a callback lies between this frame and the newer one. Not every engine tells such frames.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Async { get; init; }

    /// <summary>What the engine said, where a source map resolved the frame; otherwise null.</summary>
    public GeneratedPlace? Generated { get; init; }

    /// <summary>The source around the frame, where its source map holds the text; otherwise null.</summary>
    public FrameContext? Context { get; init; }

    /// <summary>Why source maps did not resolve the frame, one sentence; null where they did or were not asked.</summary>
    public string? MapProblem { get; init; }
}

/// <summary>Where a frame is in the file that the browser ran.</summary>
public sealed record GeneratedPlace(string File, int? Line, int? Column, string? Function);

/// <summary>Lines of source, each cut to 200 characters.</summary>
/// <param name="Pre">Up to five before the frame's.</param>
/// <param name="Line">The frame's own; a long one is cut around the frame's column.</param>
/// <param name="Post">Up to five behind it.</param>
public sealed record FrameContext(IReadOnlyList<string> Pre, string Line, IReadOnlyList<string> Post);

/// <summary>Everything about an event that is not the error itself or a light fact.</summary>
public sealed record EventContext
{
    /// <summary>fatal, error, warning, info or debug.</summary>
    public string Level { get; init; } = "error";
    public bool Handled { get; init; }
    public string? Mechanism { get; init; }
    public string? Release { get; init; }
    public string? Environment { get; init; }

    /// <summary>ours, third_party, extension, injected, bot, network or unknown; see docs/blame.md.</summary>
    public string Class { get; init; } = "unknown";

    /// <summary>Why that class, in words.</summary>
    public string? ClassEvidence { get; init; }

    /// <summary>Of a "Script error.": scripts of other origins whose tags lack crossorigin, so that one of them is to blame; null where none is known.</summary>
    public IReadOnlyList<string>? HiddenScripts { get; init; }
    public IReadOnlyList<Tag> Tags { get; init; } = [];
    public string? Referrer { get; init; }

    /// <summary>Extra data as a JSON text of at most 16 KB; null where there is none.</summary>
    public string? Meta { get; init; }

    /// <summary>Oldest first, at most 100.</summary>
    public IReadOnlyList<Breadcrumb> Breadcrumbs { get; init; } = [];

    /// <summary>The user as the site told; null where it did not.</summary>
    public EventUser? User { get; init; }

    /// <summary>Name and version of the client.</summary>
    public string? Sdk { get; init; }

    /// <summary>Where the event is no error, but what a visitor says of one; else null.</summary>
    public VisitorWords? Feedback { get; init; }

    /// <summary>For an event that was folded into another's: what that other visitor said and did is not shown as this one's.</summary>
    public EventContext WithoutVisitor() => this with { User = null, Breadcrumbs = [], Meta = null, Referrer = null };
}

/// <param name="EventId">Of the event that it is about.</param>
public sealed record VisitorWords(string EventId, string? Name, string? Email, string Message);

public sealed record Tag(string K, string V);

public sealed record EventUser(string? Id, string? Email, string? Name);

/// <param name="Timestamp">ms since 1970 UTC, null where the client gave none.</param>
/// <param name="Data">JSON text, bounded.</param>
public sealed record Breadcrumb(long? Timestamp, string? Category, string? Level, string? Message, string? Data);

/// <summary>The facts of one occurrence, ready to be counted.</summary>
public sealed record NormalizedOccurrence
{
    public required string EventId { get; init; }

    /// <summary>When it happened: the client's time corrected for skew and clamped, ms since 1970 UTC.</summary>
    public required long At { get; init; }

    /// <summary>ms since 1970 UTC, server clock.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>Name and major version, "Chrome 156".</summary>
    public string? Browser { get; init; }

    /// <summary>"Windows 10", "iOS 19".</summary>
    public string? Os { get; init; }

    /// <summary>desktop, mobile, tablet, bot.</summary>
    public string? Device { get; init; }

    /// <summary>Scrubbed address of the page.</summary>
    public string? Url { get; init; }

    /// <summary>Origin and path without query and fragment, ids in the path kept: the page dimension.</summary>
    public string? Page { get; init; }

    /// <summary>Opaque key that tells users apart within a project: a keyed hash of user id, session or address and UA.</summary>
    public string? UserKey { get; init; }

    /// <summary>The network of the visitor's address, "203.0.113.0/24", where the project keeps that; else null.</summary>
    public string? Address { get; init; }
}

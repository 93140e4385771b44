using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Workers.Normalize.Blaming;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Messages;
using ErrorPipeline.Workers.Normalize.Reading;
using ErrorPipeline.Workers.Normalize.Scrubbing;
using ErrorPipeline.Workers.Normalize.SourceMaps;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>All that follows from type, message, stack, source and causes alone: what a repeat of an error need not work out again.</summary>
internal sealed record ParsedError(ErrorDetail Detail, string Title, string? Culprit, string Canonical, IReadOnlyList<string> Tokens)
{
    private const int LongestRawStack = 16 * 1024;
    private const string DefaultType = "Error";

    /// <summary>Whose it is where that does not depend on the page; null where it does.</summary>
    public Blame? Blame { get; private init; }

    /// <summary>Files, as run, that the project's rules say are its own.</summary>
    public IReadOnlyList<string> OwnFiles { get; private init; } = [];

    public string Template => MessageTemplate.Of(Canonical);

    public bool IsScriptError => Blaming.Blame.IsScriptError(Detail.Message, Detail.Frames);

    public static ParsedError Of(ReadEvent read, Scrub scrub)
    {
        var detail = Detailed(read.Fault, read.Source, read.DebugIds, scrub) with
        {
            Causes = [.. read.Causes.Select(cause => Detailed(cause, null, read.DebugIds, scrub))],
        };
        var canonical = CanonicalMessage.Of(detail.Message);
        return new ParsedError(
            detail,
            Headline.Title(detail.Type, detail.Message),
            Headline.Culprit(detail.Frames),
            canonical,
            [])
        {
            BuildStack = Fingerprints.BuildStack.Of(detail, MessageTemplate.Of(canonical)),
            Blame = Blaming.Blame.OfError(detail.Type, detail.Message, canonical, detail.Frames),
        }.Grouped();
    }

    /// <summary>Its frames put back to where they were written, and what follows from them.</summary>
    public ParsedError WithMaps(Func<RanFile, FileMap?> find, Scrub scrub) => With(OriginalFrames.Of(Detail, find, scrub));

    /// <summary>Its frames as the project's rules see them, and what follows from them.</summary>
    /// <param name="marking">The rules about frames that hold for it.</param>
    public ParsedError WithMarks(IReadOnlyList<Rule> marking)
    {
        var marked = With(Detail with { Frames = RuleSet.Mark(Detail.Frames, marking) });
        return marked with
        {
            Blame = Blaming.Blame.OfError(Detail.Type, Detail.Message, Canonical, marked.FramesAsRun),
            OwnFiles = [.. marked.Detail.Frames.Where(f => f.InApp && RuleSet.IsOwn(f, marking)).Select(f => f.Generated?.File ?? f.File).OfType<string>().Distinct()],
        };
    }

    /// <summary>Why the tokens are what they are.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>The stack as its build ran it, which source maps do not change; null where maps could not matter.</summary>
    public string? BuildStack { get; private init; }

    /// <summary>A grouping of this error with what explains it, and the names by which it is known with and without source maps.</summary>
    /// <param name="tokens">What would group it without a fingerprint of site or rule.</param>
    public Grouping Describe(Grouping grouping, IReadOnlyList<string> tokens, string? release) => grouping with
    {
        Notes = GroupingNotes.Of(grouping, tokens, Notes),
        Aliases = Fingerprints.BuildStack.Alias(BuildStack, grouping, tokens, release, isMapped: !UnmappedFrames.Any(Detail)) is { } alias ? [alias] : null,
    };

    private ParsedError Grouped()
    {
        var notes = new GroupingNotes();
        var template = MessageTemplate.Of(Canonical);
        notes.Message(Detail.Message, template);
        return this with { Tokens = FingerprintV1.ErrorTokens(Detail.Type, template, Detail.Frames, notes), Notes = notes.ToList() };
    }

    private ParsedError With(ErrorDetail detail) => (this with { Detail = detail, Culprit = Headline.Culprit(detail.Frames) }).Grouped();

    /// <summary>The frames with the files that the browser ran: whose they are shows in their addresses.</summary>
    public IReadOnlyList<StackFrame> FramesAsRun => Detail.Frames.Any(f => f.Generated is not null)
        ? [.. Detail.Frames.Select(f => f.Generated is { } ran ? f with { File = ran.File } : f)]
        : Detail.Frames;

    /// <summary>Equal for equal input only; a hash, because stacks are long.</summary>
    public static UInt128 Signature(ReadEvent read)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, read.Fault);
        Append(hash, read.Source?.File);
        Append(hash, read.Source?.Line?.ToString(CultureInfo.InvariantCulture));
        Append(hash, read.Source?.Column?.ToString(CultureInfo.InvariantCulture));
        foreach (var cause in read.Causes)
            Append(hash, cause);
        foreach (var pair in read.DebugIds.Pairs)
            Append(hash, pair);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    /// <summary>Roughly the bytes it holds.</summary>
    public long Weight => 512 + Weigh(Detail) + (2 * (Tokens.Sum(t => t.Length) + Notes.Sum(n => n.Length)));

    private static long Weigh(ErrorDetail detail) =>
        (2L * (detail.Message.Length + (detail.RawStack?.Length ?? 0)))
        + detail.Frames.Sum(f => 80 + (2L * ((f.Function?.Length ?? 0) + (f.File?.Length ?? 0) + Weigh(f.Context))))
        + detail.Causes.Sum(Weigh);

    private static int Weigh(FrameContext? source) =>
        source is null ? 0 : source.Line.Length + source.Pre.Sum(line => line.Length) + source.Post.Sum(line => line.Length);

    private static ErrorDetail Detailed(ReadFault fault, StackFrame? source, FileDebugIds debugIds, Scrub scrub)
    {
        var stack = StackParser.Parse(fault.Type, fault.Message, fault.Stack);
        var (type, message) = Words(fault, stack);
        var frames = stack.Frames.Count > 0 ? stack.Frames : fault.Frames;
        // Kept, because it is true, but no part of what tells one error from another.
        if (fault.Wrapped && frames.Count > 1)
            frames = [.. frames.Select(frame => IsPlaceOf(frame, frames[^1]) ? frame with { InApp = false } : frame)];
        if (frames.Count == 0 && source?.File is not null)
            frames = [source with { InApp = InAppRule.IsInApp(source.File) }];
        return new()
        {
            Type = scrub.Text(type),
            Message = scrub.Text(message),
            Frames = [.. frames.Select(f => f with { Function = scrub.Text(f.Function), File = scrub.Text(f.File), DebugId = debugIds.Find(f.File) })],
            RawStack = scrub.Text(fault.Stack) is { } raw ? CleanText.Clean(raw, LongestRawStack) : null,
        };
    }

    /// <summary>A wrapper that calls a callback which dispatches an event is in the stack more than once.</summary>
    private static bool IsPlaceOf(StackFrame frame, StackFrame wrapper) => (frame.File, frame.Line, frame.Column) == (wrapper.File, wrapper.Line, wrapper.Column);

    /// <summary>The client's own words first, then the stack's header, then what window.onerror puts before a message.</summary>
    private static (string Type, string Message) Words(ReadFault fault, ParsedStack stack)
    {
        var message = fault.Message ?? stack.Message ?? "";
        var type = fault.Type ?? stack.Type;
        var header = StackHeader.Read(message);
        var spoken = header.Type is { } word && (word.EndsWith("Error", StringComparison.Ordinal) || word.EndsWith("Exception", StringComparison.Ordinal)) ? header : default;
        if (spoken.Type is null || (type is not null && type != spoken.Type))
            return (type ?? DefaultType, message);
        return (spoken.Type, spoken.Message ?? "");
    }

    private static void Append(IncrementalHash hash, ReadFault fault)
    {
        Append(hash, fault.Type);
        Append(hash, fault.Message);
        Append(hash, fault.Stack);
        Append(hash, fault.Wrapped ? "wrapped" : null);
        foreach (var frame in fault.Frames)
        {
            Append(hash, frame.Function);
            Append(hash, frame.File);
            Append(hash, string.Create(CultureInfo.InvariantCulture, $"{frame.Line}:{frame.Column}:{frame.InApp}"));
        }
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text?.Length ?? -1);
        hash.AppendData(length);
        if (text is not null)
            hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}

using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Policies;

/// <summary>One line of a project's rules: where all matchers hold, its actions count.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Text">The line as it was written.</param>
public sealed record Rule(int Line, string Text, IReadOnlyList<RuleMatcher> Matchers)
{
    public bool Ignore { get; init; }

    /// <summary>What the frames that match become; null where the rule says nothing of them.</summary>
    public bool? InApp { get; init; }
    public RuleTemplate? Title { get; init; }

    /// <summary>Null where the rule leaves the grouping alone.</summary>
    public IReadOnlyList<RuleTemplate>? Fingerprint { get; init; }

    /// <summary>All but the frames.</summary>
    internal bool HoldsFor(RuleSubject subject)
    {
        foreach (var matcher in Matchers)
        {
            if (!matcher.IsOfFrame && matcher.Matches(subject) == matcher.Not)
                return false;
        }

        return true;
    }

    internal bool HoldsFor(StackFrame frame)
    {
        foreach (var matcher in Matchers)
        {
            if (matcher.IsOfFrame && matcher.Matches(frame) == matcher.Not)
                return false;
        }

        return true;
    }

    /// <summary>Where several matchers are of a frame, one frame has to satisfy all of them.</summary>
    internal bool HoldsForSome(IReadOnlyList<StackFrame> frames)
    {
        if (Matchers.All(m => !m.IsOfFrame))
            return true;
        for (var i = 0; i < frames.Count && i < RuleSet.FramesLookedAt; i++)
        {
            if (HoldsFor(frames[i]))
                return true;
        }

        return false;
    }
}

/// <param name="Field">type, message, file, function, release, url, class or tag.</param>
/// <param name="Tag">The tag's name, where the field is tag.</param>
/// <param name="Not">Holds where the glob does not match.</param>
public sealed record RuleMatcher(string Field, string? Tag, Glob Glob, bool Not)
{
    public bool IsOfFrame => Field is "file" or "function";

    internal bool Matches(RuleSubject subject) => Field switch
    {
        "type" => Glob.Matches(subject.Type),
        "message" => Glob.Matches(subject.Message),
        "release" => Glob.Matches(subject.Release),
        "url" => Glob.Matches(subject.Url),
        "class" => Glob.Matches(subject.Class),
        _ => Glob.Matches(subject.TagOf(Tag!) ?? ""),
    };

    internal bool Matches(StackFrame frame) => Field == "function"
        ? Glob.Matches(frame.Function)
        : Glob.Matches(frame.File) || (frame.Generated is { } ran && Glob.Matches(ran.File));
}

/// <summary>What rules look at: an event, as far as it is known.</summary>
public sealed record RuleSubject
{
    public required string Type { get; init; }
    public required string Message { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<StackFrame> Frames { get; init; }
    public string? Release { get; init; }
    public string? Url { get; init; }

    /// <summary>Null while it is not known: in-app is decided first.</summary>
    public string? Class { get; init; }
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    public static RuleSubject Of(EventSample sample) => new()
    {
        Type = sample.Error.Type,
        Message = sample.Error.Message,
        Frames = sample.Error.Frames,
        Release = sample.Context.Release,
        Url = sample.Occurrence.Url,
        Class = sample.Context.Class,
        Tags = sample.Context.Tags,
    };

    internal string? TagOf(string name) => Tags.FirstOrDefault(tag => tag.K == name)?.V;
}

using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Policies;

/// <summary>
/// A project's rules. First the rules about frames mark them, in order, the last that matches a frame counts; class and grouping follow from
/// the marks. Then the others decide, in order: for each of ignore, title and fingerprint the first rule that holds.
/// </summary>
public sealed class RuleSet
{
    public const int MostRules = 100;
    public const int LongestText = 20_000;

    /// <summary>Frames beyond are neither matched nor marked: grouping does not look so far.</summary>
    public const int FramesLookedAt = 50;

    public static readonly RuleSet Empty = new([], []);

    private readonly IReadOnlyList<Rule> _marking;
    private readonly IReadOnlyList<Rule> _deciding;

    internal RuleSet(IReadOnlyList<Rule> rules, IReadOnlyList<RuleProblem> problems)
    {
        All = rules;
        Problems = problems;
        _marking = [.. rules.Where(r => r.InApp is not null)];
        _deciding = [.. rules.Where(r => r.Ignore || r.Title is not null || r.Fingerprint is not null)];
    }

    public IReadOnlyList<Rule> All { get; }

    /// <summary>Lines that could not be read; the others hold all the same.</summary>
    public IReadOnlyList<RuleProblem> Problems { get; }

    /// <summary>Never throws: see <see cref="Problems"/>.</summary>
    public static RuleSet Parse(string? text) => string.IsNullOrWhiteSpace(text) ? Empty : RuleParser.Parse(text);

    public bool MarksFrames => _marking.Count > 0;

    public bool Decides => _deciding.Count > 0;

    /// <summary>The rules about frames that hold for this event, by their index: together with the error they say what <see cref="Mark"/> gives.</summary>
    public IReadOnlyList<Rule> MarkingFor(RuleSubject subject) => _marking.Count == 0 ? [] : [.. _marking.Where(r => r.HoldsFor(subject))];

    /// <summary>The frames as the rules see them; the same list where none is changed.</summary>
    public static IReadOnlyList<StackFrame> Mark(IReadOnlyList<StackFrame> frames, IReadOnlyList<Rule> marking)
    {
        StackFrame[]? marked = null;
        for (var i = 0; i < frames.Count && i < FramesLookedAt; i++)
        {
            if (marking.LastOrDefault(r => r.HoldsFor(frames[i]))?.InApp is not { } inApp || inApp == frames[i].InApp)
                continue;
            marked ??= [.. frames];
            marked[i] = frames[i] with { InApp = inApp };
        }

        return marked ?? frames;
    }

    /// <summary>Whether a rule about frames says this very frame is the site's own, wherever it is served from.</summary>
    public static bool IsOwn(StackFrame frame, IReadOnlyList<Rule> marking) => marking.LastOrDefault(r => r.HoldsFor(frame))?.InApp == true;

    public RuleVerdict Decide(RuleSubject subject)
    {
        var verdict = default(RuleVerdict);
        foreach (var rule in _deciding)
        {
            if (!rule.HoldsFor(subject) || !rule.HoldsForSome(subject.Frames))
                continue;
            verdict = new(
                verdict.Ignore ?? (rule.Ignore ? rule : null),
                verdict.Title ?? (rule.Title is null ? null : rule),
                verdict.Fingerprint ?? (rule.Fingerprint is null ? null : rule));
        }

        return verdict;
    }

    /// <summary>Whether any rule has a say in this event.</summary>
    public bool Matches(RuleSubject subject) =>
        Decide(subject) != default || MarkingFor(subject) is { Count: > 0 } marking && subject.Frames.Take(FramesLookedAt).Any(f => marking.Any(r => r.HoldsFor(f)));
}

/// <summary>The rules that decide; null where none does.</summary>
public readonly record struct RuleVerdict(Rule? Ignore, Rule? Title, Rule? Fingerprint);

/// <param name="Line">1-based.</param>
public sealed record RuleProblem(int Line, string What);

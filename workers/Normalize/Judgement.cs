using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Workers.Normalize.Agents;
using ErrorPipeline.Workers.Normalize.Blaming;
using ErrorPipeline.Workers.Normalize.Fingerprints;
using ErrorPipeline.Workers.Normalize.Policies;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>Class, fate, title and grouping of the occurrences of one error. Pages and crawlers repeat, so what was decided for one is kept.</summary>
internal sealed class Judgement
{
    private readonly Policy _policy;
    private readonly ParsedError _error;
    private readonly Blame? _told;
    private readonly IReadOnlyList<StackFrame> _ran;
    private readonly IReadOnlyList<string> _client;
    private readonly Dictionary<(string? Url, UserAgent? Agent), Verdict> _known = [];

    public Judgement(Policy policy, ReadEvent read, ParsedError error, EventContext context)
    {
        _policy = policy;
        _error = error;
        _told = read.Blame;
        _ran = error.FramesAsRun;
        _client = [.. read.Fingerprint.Select(part => policy.Scrub.Text(part))];
        IReadOnlyList<string> scripts = error.IsScriptError ? [.. read.HiddenScripts.Select(s => policy.Scrub.Text(s))] : [];
        Context = scripts.Count > 0 ? context with { HiddenScripts = scripts } : context;
    }

    public EventContext Context { get; }

    public Verdict Of(NormalizedOccurrence occurrence, UserAgent? agent)
    {
        if (_known.TryGetValue((occurrence.Url, agent), out var known))
            return known;
        return _known[(occurrence.Url, agent)] = Decide(occurrence, agent);
    }

    public Grouping Group(Verdict verdict)
    {
        var grouping = verdict.Fingerprint is { } rule
            ? FingerprintV1.Group(verdict.Tokens, rule.Split('\0'), _error.Detail.Type, verdict.Page, "rule")
            : FingerprintV1.Group(verdict.Tokens, _client, _error.Detail.Type, verdict.Page);
        return _error.Describe(grouping, verdict.Tokens, Context.Release);
    }

    public static RuleSubject Subject(ParsedError error, EventContext context) => new()
    {
        Type = error.Detail.Type,
        Message = error.Detail.Message,
        Frames = error.Detail.Frames,
        Release = context.Release,
        Tags = context.Tags,
    };

    private Verdict Decide(NormalizedOccurrence occurrence, UserAgent? agent)
    {
        var page = occurrence.Page;
        var origin = _told ?? _error.Blame ?? Blame.OfPage(_ran, page, _policy.OwnSites, _error.OwnFiles);
        var blame = agent?.Bot is { } bot ? Blame.Bot(bot) : origin;
        var isMute = _error.IsScriptError && Context.HiddenScripts is null;
        // What is put into a page is noise on a crawler's pages, too.
        var filtered = _policy.Filters.ReasonOf(new(_error.Detail, Context.Release, page, agent, origin.Class, isMute));
        var (tokens, title) = (_error.Tokens, default(string));
        if (_error.IsScriptError)
            (tokens, title) = (ScriptErrors.Tokens(tokens, Context.HiddenScripts ?? [], page), ScriptErrors.Title(Context.HiddenScripts ?? []));
        var verdict = new Verdict(blame, filtered, tokens, _error.Tokens.Count > 0 ? null : page, null, title);
        return _policy.Rules.Decides ? Ruled(verdict, occurrence) : verdict;
    }

    private Verdict Ruled(Verdict verdict, NormalizedOccurrence occurrence)
    {
        var subject = Subject(_error, Context) with { Url = occurrence.Url, Class = verdict.Blame.Class };
        var decided = _policy.Rules.Decide(subject);
        return verdict with
        {
            Filtered = verdict.Filtered ?? (decided.Ignore is null ? null : FilterName.Rule),
            Title = decided.Title?.Title!.Fill(subject, _error.Detail.Message, occurrence.Page) is { } title ? Headline.Line(title) : verdict.Title,
            Fingerprint = decided.Fingerprint is { Fingerprint: { } parts }
                ? string.Join('\0', parts.Select(p => p.IsDefault ? "{{ default }}" : p.Fill(subject, _error.Template, occurrence.Page).Replace('\0', ' '))) : null,
        };
    }
}

/// <summary>What tells the occurrences of one error apart: those with an equal one become one record.</summary>
/// <param name="Tokens">What groups them without a fingerprint of client or rule.</param>
/// <param name="Page">Where it takes part in the grouping.</param>
/// <param name="Fingerprint">A rule's, its parts joined by NUL.</param>
internal sealed record Verdict(Blame Blame, string? Filtered, IReadOnlyList<string> Tokens, string? Page, string? Fingerprint, string? Title)
{
    public bool Equals(Verdict? other) => other is not null && other.Blame == Blame && other.Filtered == Filtered && (ReferenceEquals(other.Tokens, Tokens) || other.Tokens.SequenceEqual(Tokens))
        && other.Page == Page && other.Fingerprint == Fingerprint && other.Title == Title;

    public override int GetHashCode() => HashCode.Combine(Blame, Filtered, Tokens.LastOrDefault(), Page, Fingerprint, Title);
}

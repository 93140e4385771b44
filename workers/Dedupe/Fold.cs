using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Dedupe;

/// <summary>A record being folded: its first event, and the light facts of all.</summary>
internal sealed class Fold(RawError first, in LightFacts facts)
{
    /// <summary>Bounds of one record, so that a flood of one error makes several instead of one without end.</summary>
    private const int MaxOccurrences = 1000;
    private const int MaxLightChars = 128 * 1024;

    private readonly LightFacts _facts = facts;
    private readonly List<Occurrence> _occurrences = [Describe(first, facts.Timestamp, url: null, user: null, facts.AgentHints is null ? first.AgentHints : null)];
    private int _chars = CharsOf(first, facts);

    public UniqueError ToUniqueError() => new()
    {
        ProjectId = first.ProjectId,
        Protocol = first.Protocol,
        Occurrences = _occurrences,
        Body = first.Body,
    };

    public bool TryAdd(RawError raw, in LightFacts facts)
    {
        var chars = CharsOf(raw, facts);
        if (_occurrences.Count == MaxOccurrences || _chars + chars > MaxLightChars)
            return false;
        _chars += chars;
        _occurrences.Add(Describe(raw, facts.Timestamp, Differing(facts.Url, _facts.Url), Differing(facts.User, _facts.User),
            facts.AgentHints is null && raw.AgentHints is not null ? raw.AgentHints : Differing(facts.AgentHints, _facts.AgentHints)));
        return true;
    }

    /// <summary>Null is "as in the body", "" is "none": see <see cref="Occurrence"/>.</summary>
    private static string? Differing(string? own, string? body) => own == body ? null : own ?? "";

    private static int CharsOf(RawError raw, in LightFacts facts) =>
        (raw.UserAgent?.Length ?? 0) + (raw.AgentHints?.Length ?? 0) + (facts.AgentHints?.Length ?? 0) + (facts.Url?.Length ?? 0) + (facts.User?.Length ?? 0);

    private static Occurrence Describe(RawError raw, long? timestamp, string? url, string? user, string? hints) => new()
    {
        EventId = raw.EventId,
        ReceivedAt = raw.ReceivedAt,
        SentAt = raw.SentAt,
        Timestamp = timestamp,
        UserAgent = raw.UserAgent,
        AgentHints = hints,
        ClientIp = raw.ClientIp,
        Url = url,
        User = user,
    };
}

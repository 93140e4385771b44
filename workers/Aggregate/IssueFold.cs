using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Aggregate;

/// <summary>What a batch says of one (project, grouping version, fingerprint).</summary>
internal sealed class IssueFold
{
    private const long MsPerHour = 3_600_000;
    private const int MostAliases = 16;

    private readonly Tally<(long Hour, string Environment)> _hours = [];
    private readonly FacetTally _facets = new();
    private readonly Dictionary<string, ClientCount> _clients = [];
    private readonly ReleaseTally _releases = new();
    private readonly HashSet<GroupingAlias> _aliases = [];
    private readonly HashSet<string> _users = [];
    private readonly List<ulong> _events = [];
    private readonly SampleChoice _samples = new();
    private readonly List<EventFeedback> _feedback = [];
    private readonly List<NormalizedError> _errors = [];
    private NormalizedError? _newestError;
    private NormalizedOccurrence? _newest;
    private long _count;
    private long _firstSeen = long.MaxValue;
    private long _lastSeen = long.MinValue;

    public void Add(NormalizedError error)
    {
        _errors.Add(error);
        CountContext(error.Context, error.Count);
        CountClient(error);
        if (error.Context.Feedback is { } said)
            _feedback.Add(new(error.Occurrences[0].EventId, said.EventId, error.Occurrences[0].At, said.Name, said.Email, said.Message));
        _releases.Add(error);
        _aliases.UnionWith(error.Grouping.Aliases ?? []);
        var novelty = new Novelty(error);
        foreach (var occurrence in error.Occurrences)
        {
            CountOccurrence(occurrence, error.Context.Environment ?? "");
            _events.Add(EventIdentity.Of(error.ProjectId, occurrence.EventId).Short);
            _samples.Add(error, occurrence, novelty.KeyOf(occurrence));
            if (_newest is null || Newest.Compare(occurrence, _newest) > 0)
                (_newest, _newestError) = (occurrence, error);
        }
    }

    public IssueDelta ToDelta() => new()
    {
        ProjectId = _newestError!.ProjectId,
        Grouping = _newestError.Grouping with { Aliases = Aliases() },
        Title = _newestError.Title,
        Culprit = _newestError.Culprit,
        Type = _newestError.Error.Type,
        Level = _newestError.Context.Level,
        Class = _newestError.Context.Class,
        Count = _count,
        FirstSeen = _firstSeen,
        LastSeen = _lastSeen,
        LastReceived = _newest!.ReceivedAt,
        Hours = [.. _hours.Select(h => new HourCount(h.Key.Hour, h.Key.Environment, h.Value))
            .OrderBy(h => h.Hour).ThenBy(h => h.Environment, StringComparer.Ordinal)],
        Facets = _facets.ToCounts(),
        Environments = EnvironmentTally.Of(_errors),
        Clients = [.. _clients.Values.OrderBy(c => c.Client, StringComparer.Ordinal)],
        EventIds = ShortIds.Pack(_events),
        Releases = _releases.ToCounts(),
        Feedback = _feedback.Count == 0 ? null : [.. _feedback.OrderBy(f => f.Id, StringComparer.Ordinal)],
        Users = [.. _users.Order(StringComparer.Ordinal)],
        Samples = _samples.Choose(),
    };

    private IReadOnlyList<GroupingAlias>? Aliases() => _aliases.Count == 0
        ? null
        : [.. _aliases.OrderBy(a => a.Kind, StringComparer.Ordinal).ThenBy(a => a.Value, StringComparer.Ordinal).ThenBy(a => a.Mapped).Take(MostAliases)];

    private void CountContext(EventContext context, int count)
    {
        _facets.Add("release", context.Release, count);
        _facets.Add("environment", context.Environment, count);
        _facets.Add("level", context.Level, count);
        _facets.Add("handled", context.Handled ? "yes" : "no", count);
        _facets.Add("class", context.Class, count);
        if (context.HiddenScripts is { } scripts)
            _facets.Add("script", string.Join(" or ", scripts.Select(OriginOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)), count);
        _facets.AddTags(context.Tags, count);
    }

    private void CountClient(NormalizedError error)
    {
        if (error.Protocol is not { } client)
            return;
        var known = _clients.GetValueOrDefault(client) ?? new(client, 0, 0);
        _clients[client] = known with { Count = known.Count + error.Count, LastReceived = Math.Max(known.LastReceived, error.Occurrences.Max(o => o.ReceivedAt)) };
    }

    private static string OriginOf(string script) => Uri.TryCreate(script, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : script;

    private void CountOccurrence(NormalizedOccurrence occurrence, string environment)
    {
        _count++;
        _firstSeen = Math.Min(_firstSeen, occurrence.At);
        _lastSeen = Math.Max(_lastSeen, occurrence.At);
        _hours.Add((occurrence.At / MsPerHour, environment), 1);
        _facets.Add("browser", occurrence.Browser, 1);
        _facets.Add("os", occurrence.Os, 1);
        _facets.Add("device", occurrence.Device, 1);
        _facets.Add("page", occurrence.Page, 1);
        if (occurrence.UserKey is { Length: > 0 } user)
            _users.Add(user);
    }
}

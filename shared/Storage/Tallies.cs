using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Outcomes;

namespace ErrorPipeline.Shared.Storage;

/// <summary>What of a delta is counted for its project as a whole, by quarters of days: of all its environments, and of each by itself.</summary>
internal static class Tallies
{
    public const long QuarterMs = 6 * HourMs;
    public const string Class = "class";
    public const string Release = "release";
    public const string Page = "page";

    /// <summary>Of one environment alone: those of all are outcomes.</summary>
    public const string Minute = "minute";
    public const string Hour = "hour";

    /// <summary>The environments of a quarter that are told apart: sites name few, visitors may make up any number.</summary>
    public const string Environment = "environment";

    public const long HourMs = 3_600_000;
    public const long MinuteMs = 60_000;

    private const int LongestValue = 1000;
    private const int LongestEnvironment = 200;

    public static long QuarterOf(long ms) => ms / QuarterMs;

    /// <summary>Visitors make pages and releases up: so many of a quarter count by themselves, the others as <see cref="FacetValue.Rest"/>.</summary>
    public static int MostValues(string dimension) => dimension switch
    {
        Environment => 20,
        Minute or Hour => (int)(QuarterMs / MinuteMs),
        _ => 200,
    };

    /// <summary>As it is stored: the dimension of one environment is a dimension of its own.</summary>
    public static string In(string dimension, string? environment) => string.IsNullOrEmpty(environment) ? dimension : $"{dimension}@{StoreText.Clean(environment, LongestEnvironment)}";

    /// <summary>"sessions hit".</summary>
    public static string OfSessions(string kind) => "sessions " + kind;

    /// <summary>By when it arrived: what a clock of a visitor says must not reach into the past.</summary>
    public static IEnumerable<(TallyKey Key, long Count)> Of(IssueDelta delta)
    {
        TallyKey Key(string dimension, string value, string? environment = null) => KeyOf(delta.ProjectId, delta.LastReceived, dimension, value, environment);
        foreach (var (dimension, value, count) in OfAll(delta))
            yield return (Key(dimension, value), count);
        foreach (var (environment, counts) in ByEnvironment(delta))
        {
            foreach (var (dimension, value, count) in counts)
                yield return (Key(dimension, value, environment), count);
        }
    }

    /// <summary>Those of a session's outcome, or none where it is another.</summary>
    public static IEnumerable<(TallyKey Key, long Count)> Of(OutcomeCount outcome)
    {
        if (SessionOutcome.Read(outcome.Outcome) is not { } session)
            yield break;
        var at = outcome.Minute * MinuteMs;
        yield return (KeyOf(outcome.ProjectId, at, OfSessions(session.Kind), session.Release, null), outcome.Count);
        if (session.Environment.Length == 0)
            yield break;
        yield return (KeyOf(outcome.ProjectId, at, Environment, session.Environment, null), session.Kind == SessionOutcome.Started ? outcome.Count : 0);
        yield return (KeyOf(outcome.ProjectId, at, OfSessions(session.Kind), session.Release, session.Environment), outcome.Count);
    }

    /// <summary>The largest of what several quarters counted.</summary>
    /// <param name="byProject">Whether the same value of two projects is two things.</param>
    public static IReadOnlyList<Tally> Largest(IEnumerable<Tally> rows, bool byProject, int most) =>
    [
        .. rows.Where(row => row.Value != FacetValue.Rest)
            .GroupBy(row => (Project: byProject ? row.ProjectId : 0, row.Value)).Select(sum => new Tally(sum.Key.Project, sum.Key.Value, sum.Sum(row => row.Count)))
            .OrderByDescending(sum => sum.Count).ThenBy(sum => sum.Value, StringComparer.Ordinal).Take(most),
    ];

    /// <param name="rows">By kind: started, hit and crashed.</param>
    public static IReadOnlyList<ReleaseSessions> Sessions(Func<string, IEnumerable<Tally>> rows)
    {
        var counts = new[] { SessionOutcome.Started, SessionOutcome.Hit, SessionOutcome.Crashed }
            .Select(kind => rows(OfSessions(kind)).GroupBy(row => (row.ProjectId, row.Value)).ToDictionary(row => row.Key, row => row.Sum(one => one.Count))).ToList();
        return
        [
            .. counts.SelectMany(kind => kind.Keys).Distinct()
                .Select(key => new ReleaseSessions(key.ProjectId, key.Value, counts[0].GetValueOrDefault(key), counts[1].GetValueOrDefault(key), counts[2].GetValueOrDefault(key)))
                .OrderByDescending(one => one.Started).ThenBy(one => one.ProjectId).ThenBy(one => one.Release, StringComparer.Ordinal),
        ];
    }

    /// <param name="rows">Of releases.</param>
    public static IReadOnlyList<ReleaseShare> Shares(IEnumerable<(long Quarter, Tally Tally)> rows) =>
    [
        .. rows.Select(row => new ReleaseShare(row.Quarter * QuarterMs, row.Tally.Value, row.Tally.Count))
            .OrderBy(share => share.At).ThenBy(share => share.Release, StringComparer.Ordinal),
    ];

    public static IReadOnlyList<Arrivals> Arrivals(IEnumerable<Tally> rows, bool byMinute) =>
    [
        .. rows.Where(row => long.TryParse(row.Value, System.Globalization.CultureInfo.InvariantCulture, out _))
            .Select(row => new Arrivals(row.ProjectId, long.Parse(row.Value, System.Globalization.CultureInfo.InvariantCulture) * (byMinute ? MinuteMs : HourMs), row.Count))
            .OrderBy(row => row.At).ThenBy(row => row.ProjectId),
    ];

    private static IEnumerable<(string Dimension, string Value, long Count)> OfAll(IssueDelta delta)
    {
        var isClassTold = false;
        foreach (var facet in delta.Facets.Where(facet => facet.Dimension is Class or Page))
        {
            isClassTold |= facet.Dimension == Class;
            yield return (facet.Dimension, facet.Value, facet.Count);
        }

        if (!isClassTold)
            yield return (Class, delta.Class, delta.Count);
        foreach (var release in DeltaReleases.Of(delta).Where(r => r.Release.Length > 0))
            yield return (Release, release.Release, release.Count);
        yield return (Hour, Number(delta.LastReceived / HourMs), delta.Count);
    }

    /// <summary>A delta of one environment is counted there as a whole; one of several tells what belongs where.</summary>
    private static IEnumerable<(string Environment, IEnumerable<(string Dimension, string Value, long Count)> Counts)> ByEnvironment(IssueDelta delta)
    {
        var environments = delta.Hours.GroupBy(hour => hour.Environment ?? "", StringComparer.Ordinal).ToDictionary(hour => hour.Key, hour => hour.Sum(one => one.Count), StringComparer.Ordinal);
        foreach (var (environment, count) in environments.Where(one => one.Key.Length > 0))
        {
            var told = environments.Count == 1
                ? OfAll(delta).Where(tally => tally.Dimension != Hour)
                : delta.Environments?.FirstOrDefault(one => one.Environment == environment)?.Facets.Where(facet => facet.Dimension is Class or Release or Page).Select(facet => (facet.Dimension, facet.Value, facet.Count))
                    ?? [(Class, delta.Class, count)];
            yield return ("", [(Environment, environment, count)]);
            yield return (environment, [.. told, (Hour, Number(delta.LastReceived / HourMs), count), (Minute, Number(delta.LastReceived / MinuteMs), count)]);
        }
    }

    private static TallyKey KeyOf(int project, long at, string dimension, string value, string? environment) =>
        new(project, QuarterOf(at), dimension, StoreText.Clean(value, dimension == Environment ? LongestEnvironment : LongestValue), string.IsNullOrEmpty(environment) ? null : StoreText.Clean(environment, LongestEnvironment));

    private static string Number(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <param name="Environment">Null for all.</param>
internal readonly record struct TallyKey(int Project, long Quarter, string Dimension, string Value, string? Environment)
{
    /// <summary>As it is stored.</summary>
    public string Column => Tallies.In(Dimension, Environment);

    /// <summary>What tells whether its environment has a place.</summary>
    public TallyKey OfEnvironment => new(Project, Quarter, Tallies.Environment, Environment ?? "", null);
}

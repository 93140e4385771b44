using System.Collections.Concurrent;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues.Searching;

/// <param name="Text">What the term would be.</param>
/// <param name="Says">What it asks for; null where that is plain.</param>
public sealed record Suggestion(string Text, string? Says);

/// <param name="From">Where the term begins that they would replace.</param>
/// <param name="To">Where it ends.</param>
public sealed record Suggestions(int From, int To, IReadOnlyList<Suggestion> Items);

/// <summary>What the term that is being typed may become: keys, and the values that there are.</summary>
internal sealed class SearchSuggestions(IConfigStore config, IErrorReader errors, TimeProvider clock)
{
    private const int Most = 10;
    private const int LatestIssues = 12;
    private const int ValuesPerIssue = 10;
    private const int MostReleases = 50;
    private const int MostKept = 500;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(int? Project, string Dimension), (DateTimeOffset At, IReadOnlyList<string> Values)> _known = new();

    public async Task<Suggestions> ForAsync(string typed, int at, int? project, CancellationToken cancel)
    {
        var term = SearchText.Parse(typed).FirstOrDefault(t => t.Start < at && at <= t.Start + t.Length);
        if (term is null)
            return new(at, at, [.. Keys("", not: false)]);
        var (from, to) = (term.Start, term.Start + term.Length);
        if (term.Key is null)
            return new(from, to, term.Quoted ? [] : [.. Keys(term.Value, term.Not)]);
        var values = SearchKeys.Find(term.Key) is { } key ? await ValuesAsync(key, project, cancel) : [];
        var begun = term.Value.TrimEnd('*');
        return new(from, to,
        [
            .. values.Where(value => value.Contains(begun, StringComparison.OrdinalIgnoreCase))
                .OrderByDescending(value => value.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Take(Most)
                .Select(value => new Suggestion(SearchTerm.Of(term.Key, value, term.Not).ToString(), null)),
        ]);
    }

    private static IEnumerable<Suggestion> Keys(string begun, bool not) => SearchKeys.All
        .Where(key => key.Name.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
        .Select(key => new Suggestion($"{(not ? "-" : "")}{key.Name}:", $"{key.Says}, {key.Example}"));

    private async Task<IReadOnlyList<string>> ValuesAsync(SearchKey key, int? project, CancellationToken cancel)
    {
        if (key.Values.Count > 0)
            return key.Values;
        switch (key.Name)
        {
            case "assigned":
                return ["me", .. (await config.ListUsersAsync(cancel)).Select(user => user.Email)];
            case "age" or "seen":
                return ["<1h", "<24h", "<7d", "<30d", ">30d"];
            case "count":
                return [">10", ">100", ">1000"];
            case "users":
                return [">1", ">10", ">100"];
            default:
                return key.Dimension is { } dimension and not IssueTerm.Frame ? await KnownAsync(dimension, project, cancel) : [];
        }
    }

    private async Task<IReadOnlyList<string>> KnownAsync(string dimension, int? project, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue((project, dimension), out var known) && now - known.At < Fresh)
            return known.Values;
        IReadOnlyList<string> values = dimension switch
        {
            "environment" when project is { } one => await errors.ListEnvironmentsAsync(one, cancel),
            "release" when project is { } one => [.. (await errors.ListReleasesAsync(one, MostReleases, cancel)).Select(release => release.Version)],
            _ => await MetLatelyAsync(dimension, project, now, cancel),
        };
        if (_known.Count >= MostKept)
            _known.Clear();
        _known[(project, dimension)] = (now, values);
        return values;
    }

    /// <summary>Of the issues that were seen last: a few rows each, and what somebody looks for is mostly there.</summary>
    private async Task<IReadOnlyList<string>> MetLatelyAsync(string dimension, int? project, DateTimeOffset now, CancellationToken cancel)
    {
        var latest = await errors.ListIssuesAsync(new() { ProjectId = project, Limit = LatestIssues, TrendHours = 0, NowHour = now.ToUnixTimeSeconds() / 3600 }, cancel);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var issue in latest.Rows)
        {
            foreach (var value in (await errors.GetFacetsAsync(issue.Id, ValuesPerIssue, cancel)).Where(facet => facet.Dimension == dimension).SelectMany(facet => facet.Values))
                counts[value.Value] = counts.GetValueOrDefault(value.Value) + value.Count;
        }

        return [.. counts.Where(value => value.Key is not ("" or FacetValue.Rest)).OrderByDescending(value => value.Value).Select(value => value.Key)];
    }
}

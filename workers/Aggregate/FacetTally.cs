using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Workers.Aggregate;

/// <summary>
/// Events by dimension and value of one delta; an event counts at most once in a dimension. What visitors choose is bounded:
/// values past the limit are counted together as <see cref="Other"/>, so that a dimension's sum stays exact; of tag names only
/// the most frequent are told.
/// </summary>
internal sealed class FacetTally
{
    public const string Other = FacetValue.Rest;
    public const int MaxValues = 500;
    public const int MaxTags = 100;
    private const int MaxValueChars = 250;
    private const string TagPrefix = "tag:";

    private readonly Dictionary<string, Tally<string>> _dimensions = [];

    /// <summary>Counts nothing where the event has no such value.</summary>
    public void Add(string dimension, string? value, int count)
    {
        if (string.IsNullOrEmpty(value))
            return;
        if (!_dimensions.TryGetValue(dimension, out var values))
            _dimensions[dimension] = values = [];
        values.Add(Cut(value), count);
    }

    public void AddTags(IReadOnlyList<Tag> tags, int count)
    {
        var names = new HashSet<string>(tags.Count);
        foreach (var tag in tags)
        {
            var name = TagPrefix + Cut(tag.K);
            if (names.Add(name))
                Add(name, tag.V, count);
        }
    }

    /// <summary>In an order that depends on the counts alone.</summary>
    public IReadOnlyList<FacetCount> ToCounts() =>
        [.. BoundTags().OrderBy(d => d.Key, StringComparer.Ordinal).SelectMany(d => Bound(d.Key, d.Value))];

    private IEnumerable<KeyValuePair<string, Tally<string>>> BoundTags()
    {
        var rare = _dimensions.Where(d => d.Key.StartsWith(TagPrefix, StringComparison.Ordinal))
            .OrderByDescending(d => d.Value.Values.Sum()).ThenBy(d => d.Key, StringComparer.Ordinal)
            .Skip(MaxTags);
        return _dimensions.Except(rare);
    }

    private static IEnumerable<FacetCount> Bound(string dimension, Tally<string> values)
    {
        var ranked = values.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).ToList();
        var listed = ranked.Take(MaxValues).Select(v => new FacetCount(dimension, v.Key, v.Value));
        return ranked.Count <= MaxValues
            ? listed
            : listed.Append(new(dimension, Other, ranked.Skip(MaxValues).Sum(v => v.Value)));
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxValueChars)
            return text;
        var length = char.IsHighSurrogate(text[MaxValueChars - 1]) ? MaxValueChars - 1 : MaxValueChars;
        return text[..length];
    }
}

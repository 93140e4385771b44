using System.Runtime.InteropServices;
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

    /// <summary>One for all dimensions: most deltas have a value or two of each.</summary>
    private readonly Dictionary<(string Dimension, string Value), long> _counts = [];

    /// <summary>Counts nothing where the event has no such value.</summary>
    public void Add(string dimension, string? value, int count)
    {
        if (!string.IsNullOrEmpty(value))
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, (dimension, Cut(value)), out _) += count;
    }

    public void AddTags(IReadOnlyList<Tag> tags, int count)
    {
        if (tags.Count == 0)
            return;
        var names = new HashSet<string>(tags.Count);
        foreach (var tag in tags)
        {
            var name = TagPrefix + Cut(tag.K);
            if (names.Add(name))
                Add(name, tag.V, count);
        }
    }

    /// <summary>In an order that depends on the counts alone.</summary>
    public IReadOnlyList<FacetCount> ToCounts()
    {
        var all = new List<FacetCount>(_counts.Count);
        foreach (var ((dimension, value), count) in _counts)
            all.Add(new(dimension, value, count));
        all.Sort(Compare);
        return all.Count <= Math.Min(MaxTags, MaxValues) ? all : Bound(all);
    }

    private static int Compare(FacetCount one, FacetCount other)
    {
        if (string.CompareOrdinal(one.Dimension, other.Dimension) is not 0 and var byDimension)
            return byDimension;
        return one.Count == other.Count ? string.CompareOrdinal(one.Value, other.Value) : other.Count.CompareTo(one.Count);
    }

    private static List<FacetCount> Bound(List<FacetCount> sorted)
    {
        var dimensions = sorted.GroupBy(facet => facet.Dimension, StringComparer.Ordinal).ToList();
        var rare = dimensions.Where(dimension => dimension.Key.StartsWith(TagPrefix, StringComparison.Ordinal))
            .OrderByDescending(dimension => dimension.Sum(facet => facet.Count)).ThenBy(dimension => dimension.Key, StringComparer.Ordinal)
            .Skip(MaxTags).ToHashSet();
        return [.. dimensions.Where(dimension => !rare.Contains(dimension)).SelectMany(Bound)];
    }

    private static IEnumerable<FacetCount> Bound(IGrouping<string, FacetCount> dimension)
    {
        var others = dimension.Skip(MaxValues).Sum(facet => facet.Count);
        return others == 0 ? dimension : dimension.Take(MaxValues).Append(new(dimension.Key, Other, others));
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxValueChars)
            return text;
        var length = char.IsHighSurrogate(text[MaxValueChars - 1]) ? MaxValueChars - 1 : MaxValueChars;
        return text[..length];
    }
}

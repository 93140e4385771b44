using System.Buffers;

namespace ErrorPipeline.Workers.Normalize.Agents;

/// <summary>
/// What a text must hold for a pattern to match it, read from the pattern: asked before the pattern itself, which costs a hundred times as much.
/// Says "maybe" too often rather than once too seldom; of a pattern with syntax that is not known here it always says "maybe".
/// </summary>
internal sealed class RequiredTexts
{
    private const int Shortest = 3;
    private const int Most = 3;

    private readonly List<SearchValues<string>> _groups;

    private RequiredTexts(IEnumerable<IReadOnlyList<string>> groups, StringComparison comparison) =>
        _groups = [.. groups.Select(texts => SearchValues.Create([.. texts], comparison))];

    public static RequiredTexts Of(string pattern, bool ignoresCase) => new(
        new PatternReader(pattern).Read()
            .Where(texts => texts.Min(text => text.Length) >= Shortest)
            .OrderByDescending(texts => texts.Min(text => text.Length))
            .Take(Most),
        ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>False where the pattern cannot match.</summary>
    public bool MayMatch(ReadOnlySpan<char> text)
    {
        foreach (var group in _groups)
        {
            if (!text.ContainsAny(group))
                return false;
        }

        return true;
    }
}

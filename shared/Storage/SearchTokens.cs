namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// Facets and frames as words of the search index: one word each, so that a question for several of them is answered like one for
/// several words. A word keeps the order of its value's characters, so that its beginning finds it too, and holds no character at which
/// an index or a query language could cut it.
/// </summary>
internal static class SearchTokens
{
    /// <summary>Values of one dimension of an issue that can be searched, the most frequent first.</summary>
    public const int MostValues = 100;

    private const int LongestValue = 200;
    private const int MostRuns = 6;
    private const char Apart = '\u28FF';

    /// <summary>Signs of ASCII become characters that every index takes for letters.</summary>
    private const int Signs = 0x2800;

    public static bool IsSearched(string dimension) =>
        dimension is "browser" or "os" or "device" or "page" or "release" or "environment" || dimension.StartsWith(IssueTerm.Tag, StringComparison.Ordinal);

    /// <summary>The words that a value is found by.</summary>
    public static IEnumerable<string> OfFacet(string dimension, string value)
    {
        if (value.Length == 0 || value == FacetValue.Rest)
            return [];
        return (dimension switch
        {
            "browser" or "os" => Runs(value),
            "page" => Places(value),
            "release" => SemanticVersion.Find(value) is { Package.Length: > 0 } version ? [value, value[version.Package.Length..].TrimStart('@', '-', '/', ' ')] : [value],
            _ => [value],
        }).Select(name => Of(dimension, name));
    }

    public static IEnumerable<string> OfFrame(string? function, string? file)
    {
        if (!string.IsNullOrEmpty(function))
        {
            yield return Of(IssueTerm.Frame, function);
            if (function.LastIndexOf('.') is > 0 and var dot && dot < function.Length - 1)
                yield return Of(IssueTerm.Frame, function[(dot + 1)..]);
        }

        if (NameOf(file) is { Length: > 0 } name)
            yield return Of(IssueTerm.Frame, name);
    }

    /// <summary>The words of a question, all of which must occur; none where nothing could be found by it.</summary>
    public static IReadOnlyList<string> OfTerm(IssueTerm term) => term.Dimension switch
    {
        IssueTerm.Text => SearchWords.Typed(term.Value),
        _ when term.Value.Length == 0 => [],
        IssueTerm.Frame => [Of(IssueTerm.Frame, NameOf(term.Value) is { Length: > 0 } name ? name : term.Value)],
        "page" => [Of("page", WithoutScheme(term.Value))],
        _ => [Of(term.Dimension, term.Value)],
    };

    private static string Of(string dimension, string value)
    {
        var cut = StoreText.Clean(value, LongestValue).ToLowerInvariant();
        return string.Create(dimension.Length + 1 + cut.Length, (dimension, cut), static (to, from) =>
        {
            var at = 0;
            foreach (var c in from.dimension)
                to[at++] = Letter(char.ToLowerInvariant(c));
            to[at++] = Apart;
            foreach (var c in from.cut)
                to[at++] = Letter(c);
        });
    }

    private static char Letter(char c) => c < 128 && !char.IsAsciiLetterOrDigit(c) ? (char)(Signs + c) : c;

    /// <summary>"Mobile Safari 19" is found as any words of it in a row.</summary>
    private static IEnumerable<string> Runs(string value)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var from = 0; from < Math.Min(words.Length, MostRuns); from++)
        {
            for (var to = from + 1; to <= Math.Min(words.Length, MostRuns); to++)
            {
                // A number alone is of no browser in particular.
                if (to > from + 1 || !char.IsAsciiDigit(words[from][0]))
                    yield return string.Join(' ', words[from..to]);
            }
        }
    }

    private static IEnumerable<string> Places(string page)
    {
        var address = WithoutScheme(page);
        yield return address;
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            yield break;
        if (slash > 0)
            yield return address[..slash];
        yield return address[slash..];
        foreach (var part in address[slash..].Split('/', StringSplitOptions.RemoveEmptyEntries).Take(MostRuns))
            yield return part;
    }

    private static string WithoutScheme(string address) =>
        address.IndexOf("://", StringComparison.Ordinal) is > 0 and < 10 and var scheme ? address[(scheme + 3)..] : address;

    private static string? NameOf(string? file)
    {
        if (string.IsNullOrEmpty(file))
            return null;
        var end = file.AsSpan().IndexOfAny('?', '#') is >= 0 and var query ? query : file.Length;
        return file[(file.LastIndexOf('/', Math.Max(0, end - 1)) + 1)..end];
    }
}

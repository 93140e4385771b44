using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// Cuts text into the words that search knows: lower-case runs of letters and digits. Documents also give the parts of
/// names like renderCart. What comes out has no character that a query language could mistake for its own.
/// </summary>
internal static class SearchWords
{
    public const int MostPerFingerprint = 1000;

    private const int LongestWord = 64;

    /// <summary>Words of a document, added to <paramref name="words"/> until it has <paramref name="limit"/>.</summary>
    public static void AddDocument(HashSet<string> words, string? text, int limit)
    {
        foreach (var word in Runs(text ?? ""))
        {
            if (words.Count >= limit)
                return;
            words.Add(Fold(word));
            foreach (var part in Parts(word))
                words.Add(Fold(part));
        }
    }

    /// <summary>Those of a fingerprint that is told by nothing but its texts and samples any more.</summary>
    public static HashSet<string> Of(string? title, string? culprit, IEnumerable<EventSample> samples)
    {
        var words = new HashSet<string>();
        AddDocument(words, title, MostPerFingerprint);
        AddDocument(words, culprit, MostPerFingerprint);
        foreach (var sample in samples)
            AddError(words, sample.Error, MostPerFingerprint);
        return words;
    }

    public static void AddError(HashSet<string> words, ErrorDetail error, int limit)
    {
        AddDocument(words, error.Type, limit);
        AddDocument(words, Cut(error.Message), limit);
        foreach (var frame in error.Frames)
        {
            AddDocument(words, Cut(frame.Function), limit);
            AddDocument(words, Cut(frame.File), limit);
            AddTokens(words, SearchTokens.OfFrame(frame.Function, frame.File), limit);
        }

        foreach (var cause in error.Causes.Take(10))
        {
            AddDocument(words, cause.Type, limit);
            AddDocument(words, Cut(cause.Message), limit);
        }
    }

    public static void AddTokens(HashSet<string> words, IEnumerable<string> tokens, int limit)
    {
        foreach (var token in tokens)
        {
            if (words.Count >= limit)
                return;
            words.Add(token);
        }
    }

    /// <summary>The words of what a person typed: each must occur, the last one may be a beginning.</summary>
    public static List<string> Typed(string text) => [.. Runs(StoreText.Clean(text, 500)).Select(Fold).Take(20)];

    private static string? Cut(string? text) => text is { Length: > 2000 } ? text[..2000] : text;

    private static string Fold(string word) => (word.Length > LongestWord ? word[..LongestWord] : word).ToLowerInvariant();

    private static IEnumerable<string> Runs(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inside && start < 0)
                start = i;
            if (!inside && start >= 0)
            {
                yield return text[start..i];
                start = -1;
            }
        }
    }

    /// <summary>renderCart -> render, Cart; HTMLElement -> HTML, Element; checkout2 -> nothing beyond itself.</summary>
    private static IEnumerable<string> Parts(string word)
    {
        var start = 0;
        for (var i = 1; i < word.Length; i++)
        {
            var hump = char.IsUpper(word[i]) && (!char.IsUpper(word[i - 1]) || (i + 1 < word.Length && char.IsLower(word[i + 1])));
            if (!hump)
                continue;
            yield return word[start..i];
            start = i;
        }

        if (start > 0)
            yield return word[start..];
    }
}

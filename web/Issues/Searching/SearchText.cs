using System.Text;

namespace ErrorPipeline.Web.Issues.Searching;

/// <summary>
/// Cuts what somebody typed into terms: words, "words together", key:value, key:"a value", each perhaps behind a minus. Every text is
/// some terms; what they mean, and whether they mean anything, is <see cref="SearchReader"/>'s.
/// </summary>
public static class SearchText
{
    public const int Longest = 500;

    public static IReadOnlyList<SearchTerm> Parse(string? typed)
    {
        List<SearchTerm> terms = [];
        var text = typed is { Length: > Longest } ? typed.AsSpan(0, Longest) : typed.AsSpan();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
                at++;
            else
                terms.Add(ReadTerm(text, ref at));
        }

        return terms;
    }

    public static string Print(IEnumerable<SearchTerm> terms) => string.Join(' ', terms);

    private static SearchTerm ReadTerm(ReadOnlySpan<char> text, ref int at)
    {
        var start = at;
        var not = text[at] == '-' && at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]);
        if (not)
            at++;
        var key = ReadKey(text[at..]);
        if (key is not null)
            at += key.Length + 1;
        var quoted = at < text.Length && text[at] == '"';
        var value = quoted ? ReadQuoted(text, ref at) : ReadBare(text, ref at);
        return new(not, key, value, quoted, start, at - start);
    }

    /// <summary>Null for what only looks like one: an address, or "TypeError:" in a message.</summary>
    private static string? ReadKey(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetterLower(text[0]))
            return null;
        var length = 1;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '.' or '_' or '-'))
            length++;
        return length == text.Length || text[length] != ':' || text[(length + 1)..].StartsWith("//", StringComparison.Ordinal) ? null : text[..length].ToString();
    }

    private static string ReadBare(ReadOnlySpan<char> text, ref int at)
    {
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]))
            at++;
        return text[start..at].ToString();
    }

    /// <summary>To the closing quote, or to the end where there is none.</summary>
    private static string ReadQuoted(ReadOnlySpan<char> text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\')
                at++;
            value.Append(text[at]);
        }

        at = Math.Min(at + 1, text.Length);
        return value.ToString();
    }
}

namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>"password=x", "token=x", "?code=x", "api_key: x", "\"secret\":\"x\"": the value after a telling key.</summary>
internal static class KeyedScrub
{
    private const int LongestKey = 64;

    public static string Run(string text, SensitiveKeys keys)
    {
        var rewriter = new Rewriter(text);
        for (var i = Next(text, 0); i >= 0; i = Next(text, Math.Max(i + 1, rewriter.Settled)))
        {
            if (!IsTelling(text, i, keys))
                continue;
            var (start, end) = Value(text, i + 1);
            if (end > start && !text.AsSpan(start, end - start).StartsWith(Scrub.Filtered, StringComparison.Ordinal) && !IsEmptyWord(text.AsSpan(start, end - start)))
                rewriter.Replace(start, end, Scrub.Filtered);
        }

        return rewriter.Result();
    }

    private static int Next(string text, int from) => from >= text.Length ? -1 : text.AsSpan(from).IndexOfAny('=', ':') is >= 0 and var found ? from + found : -1;

    private static bool IsTelling(string text, int separator, SensitiveKeys keys)
    {
        // "==" compares and "://" is an address.
        if (separator + 1 >= text.Length || text[separator + 1] is '=' or '/')
            return false;
        var end = separator;
        while (end > 0 && separator - end < 3 && text[end - 1] is ' ' or '"' or '\'' or '\\')
            end--;
        var quoted = end < separator && text[end] is '"' or '\'' or '\\';
        var start = end;
        while (start > 0 && end - start < LongestKey && IsKeyCharacter(text[start - 1]))
            start--;
        var key = text.AsSpan(start, end - start);
        if (key.IsEmpty)
            return false;
        if (start > 0 && text[start - 1] is '?' or '&' or '#' or ';' && text[separator] == '=')
            return keys.IsTellingInQuery(key);
        var tight = text[separator] == '=' && end == separator && text[separator + 1] != ' ';
        return tight || quoted ? keys.IsTelling(key) : keys.IsTellingInProse(key);
    }

    private static bool IsKeyCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '[' or ']' or '%' or '$';

    private static (int Start, int End) Value(string text, int from)
    {
        var start = from;
        while (start < text.Length && start - from < 3 && text[start] is ' ' or '\\')
            start++;
        if (start < text.Length && text[start] is '"' or '\'' or '`' && text.IndexOf(text[start], start + 1) is > 0 and var closing)
            return (start + 1, text[closing - 1] == '\\' ? closing - 1 : closing);
        var end = WordEnd(text, start);
        // "Authorization: Basic dXNlcjpwYXNz": the scheme is no secret, the word after it is.
        if (text.AsSpan(start, end - start) is "Basic" or "Bearer" or "Digest" or "Token" or "basic" or "bearer" && end + 1 < text.Length && text[end] == ' ')
            end = WordEnd(text, end + 1);
        return (start, end);
    }

    private static int WordEnd(string text, int start)
    {
        var end = start;
        while (end < text.Length && text[end] is not ('&' or ';' or ',' or '"' or '\'' or '`' or ')' or '}' or '<' or '>' or '#') && !char.IsWhiteSpace(text[end]))
            end++;
        return end;
    }

    /// <summary>"password: null" and "token=undefined" tell a developer something and nobody else.</summary>
    private static bool IsEmptyWord(ReadOnlySpan<char> value) => value is "null" or "undefined" or "true" or "false" or "[object";
}

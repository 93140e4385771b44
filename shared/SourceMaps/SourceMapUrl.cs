namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>Finds the address of the map that a generated JavaScript file names.</summary>
public static class SourceMapUrl
{
    private const string Key = "sourceMappingURL=";

    /// <summary>
    /// The last "//# sourceMappingURL=" (or "//@", or in a one-line block comment) that no code follows, by ECMA-426's
    /// extraction without parsing. Null where there is none. May be relative, or a data: URL.
    /// </summary>
    public static string? Find(ReadOnlySpan<char> script)
    {
        // Lines before the first mention cannot matter.
        var first = script.IndexOf(Key);
        if (first < 0)
            return null;
        var rest = script[(script[..first].LastIndexOfAny("\n\r\u2028\u2029") + 1)..];
        string? last = null;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOfAny("\n\r\u2028\u2029");
            last = AfterLine(end < 0 ? rest : rest[..end], last);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return last;
    }

    /// <summary>A comment may name the address, code behind it takes it back.</summary>
    private static string? AfterLine(ReadOnlySpan<char> line, string? last)
    {
        while (!line.IsEmpty)
        {
            if (line.StartsWith("//"))
                return Match(line[2..]) ?? last;
            if (line.StartsWith("/*"))
            {
                var end = line[2..].IndexOf("*/");
                if (end < 0)
                    return last;
                last = Match(line.Slice(2, end)) ?? last;
                line = line[(end + 4)..];
                continue;
            }

            if (!IsSpace(line[0]))
                last = null;
            line = line[1..];
        }

        return last;
    }

    private static string? Match(ReadOnlySpan<char> comment)
    {
        if (comment.IsEmpty || comment[0] is not ('#' or '@'))
            return null;
        comment = TrimStart(comment[1..]);
        if (!comment.StartsWith(Key))
            return null;
        var url = comment[Key.Length..];
        while (!url.IsEmpty && IsSpace(url[^1]))
            url = url[..^1];
        foreach (var character in url)
        {
            if (IsSpace(character))
                return null;
        }

        return url.ToString();
    }

    private static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && IsSpace(text[0]))
            text = text[1..];
        return text;
    }

    private static bool IsSpace(char character) => character == '\uFEFF' || (char.IsWhiteSpace(character) && character != '\u0085');
}

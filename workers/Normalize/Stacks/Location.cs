namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <summary>A place as engines write it, "file:line:column", read from its end because files may hold colons.</summary>
internal readonly ref struct Location
{
    private const int LongestScheme = 40;

    private Location(ReadOnlySpan<char> file, int? line, int? column)
    {
        File = file;
        Line = line;
        Column = column;
    }

    public ReadOnlySpan<char> File { get; }
    public int? Line { get; }
    public int? Column { get; }

    public static Location Read(ReadOnlySpan<char> text)
    {
        text = Unwrap(text.Trim());
        if (ReadEvalChain(text, out var origin))
            return origin;

        var last = TakeNumber(ref text);
        if (last is null)
            return new(text, null, null);
        var authority = text;
        var first = text.EndsWith("//") ? null : TakeNumber(ref text);
        if (first is null)
            return IsBareAuthority(authority) ? new($"{authority}:{last}", null, null) : new(authority, last, null);
        return new(text, first, last);
    }

    /// <summary>True where the text can hardly be anything but a place: a scheme, a rooted path, an engine's own marker.</summary>
    public static bool LooksLikePlace(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return false;
        if (text[0] is '/' or '\\' || text.StartsWith("[native code]") || text.StartsWith("[wasm code]") || text.StartsWith("<anonymous>"))
            return true;
        var colon = text[..Math.Min(text.Length, LongestScheme)].IndexOf(':');
        if (colon < 1 || colon + 1 >= text.Length || !IsScheme(text[..colon]))
            return false;
        var rest = text[(colon + 1)..];
        return rest.StartsWith("//") || rest.StartsWith("(//") || (colon == 1 && rest[0] is '\\' or '/')
            || text[..colon] is "blob" or "data" or "node" or "webpack" or "webpack-internal" or "about" or "javascript" or "file" or "filesystem" or "ext" or "wasm";
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetter(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
                return false;
        }

        return true;
    }

    /// <summary>Safari writes "safari-extension:(//id/file.js:1:2)"; V8 and Hermes put "async " or "address at " before a place.</summary>
    private static ReadOnlySpan<char> Unwrap(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("async "))
            text = text[6..].TrimStart();
        if (text.StartsWith("address at "))
            text = text[11..].TrimStart();
        var wrapped = text.EndsWith(")") ? text.IndexOf(":(//") : -1;
        return wrapped < 0 ? text : $"{text[..(wrapped + 1)]}{text[(wrapped + 2)..^1]}";
    }

    /// <summary>Firefox: "file line 26 > eval line 2 > eval:1:30". Only the outermost place is one that a person can open.</summary>
    private static bool ReadEvalChain(ReadOnlySpan<char> text, out Location origin)
    {
        origin = default;
        var arrow = text.IndexOf(" > ");
        if (arrow < 0)
            return false;
        var word = text[..arrow].LastIndexOf(" line ");
        if (word < 0 || !TryNumber(text[(word + 6)..arrow], out var line))
            return false;
        origin = new(text[..word], line, null);
        return true;
    }

    /// <summary>"http://localhost:8080" ends in a port, not in a line.</summary>
    private static bool IsBareAuthority(ReadOnlySpan<char> text)
    {
        var authority = text.IndexOf("://");
        return authority > 0 && text.Length > authority + 3 && text[(authority + 3)..].IndexOf('/') < 0 && (text.StartsWith("http:") || text.StartsWith("https:"));
    }

    private static int? TakeNumber(ref ReadOnlySpan<char> text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !TryNumber(text[(colon + 1)..], out var number))
            return null;
        text = text[..colon];
        return number;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        if (digits.IsEmpty || digits.Length > 10)
            return false;
        var sum = 0L;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            sum = (sum * 10) + (c - '0');
        }

        number = (int)Math.Min(sum, int.MaxValue);
        return true;
    }
}

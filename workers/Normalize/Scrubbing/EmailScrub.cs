namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>
/// E-mail addresses, also with the '@' written %40. Not those look-alikes that errors are full of: "handler@app.js:1:2" in stacks and
/// "react@18.2.0" in addresses.
/// </summary>
internal static class EmailScrub
{
    private const int LongestLocal = 64;
    private const int LongestDomain = 253;

    private static readonly string[] FileEndings = ["js", "mjs", "cjs", "jsx", "ts", "tsx", "html", "htm", "php", "css", "bundle", "jsbundle", "wasm", "vue", "svelte", "json", "map", "min", "png", "svg"];

    public static string Run(string text)
    {
        var rewriter = new Rewriter(text);
        for (var i = Next(text, 0); i >= 0; i = Next(text, i + 1))
        {
            var start = i;
            while (start > rewriter.Settled && i - start < LongestLocal && IsLocal(text[start - 1]))
                start--;
            var domain = i + (text[i] == '@' ? 1 : 3);
            var end = domain;
            while (end < text.Length && end - domain < LongestDomain && IsDomain(text[end]))
                end++;
            while (end > domain && text[end - 1] is '.' or '-')
                end--;
            if (start == i || !IsHost(text.AsSpan(domain, end - domain)) || IsPlace(text.AsSpan(end)))
                continue;
            rewriter.Replace(start, end, Scrub.Email);
            i = end - 1;
        }

        return rewriter.Result();
    }

    private static int Next(string text, int from)
    {
        while (from < text.Length && text.AsSpan(from).IndexOfAny('@', '%') is >= 0 and var found)
        {
            from += found;
            if (text[from] == '@' || text.AsSpan(from).StartsWith("%40"))
                return from;
            from++;
        }

        return -1;
    }

    private static bool IsLocal(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '%' or '+' or '-' or '~';

    private static bool IsDomain(char c) => char.IsLetterOrDigit(c) || c is '.' or '-';

    private static bool IsHost(ReadOnlySpan<char> domain)
    {
        var dot = domain.LastIndexOf('.');
        if (dot < 1 || domain.Length - dot < 3)
            return false;
        var ending = domain[(dot + 1)..];
        foreach (var c in ending)
        {
            if (!char.IsLetter(c))
                return false;
        }

        foreach (var file in FileEndings)
        {
            if (ending.SequenceEqual(file))
                return false;
        }

        return true;
    }

    private static bool IsPlace(ReadOnlySpan<char> rest) => rest.Length > 1 && rest[0] == ':' && char.IsAsciiDigit(rest[1]);
}

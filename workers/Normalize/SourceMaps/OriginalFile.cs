using System.Buffers;

namespace ErrorPipeline.Workers.Normalize.SourceMaps;

/// <summary>
/// The name of a source without what the bundler, its loaders and its folders add: "webpack://shop/./src/cart.ts?a1b2" and "../../src/cart.ts"
/// are "src/cart.ts". So a rebuild, or another bundler, keeps people's issues and what they read.
/// </summary>
internal static class OriginalFile
{
    public static string Tidy(string source)
    {
        var text = WithoutScheme(source.AsSpan());
        // "./node_modules/babel-loader/lib/index.js!./src/cart.vue?vue&type=script": the loaders, then what they loaded.
        if (text.LastIndexOf('!') is >= 0 and var loaders && loaders + 1 < text.Length)
            text = text[(loaders + 1)..];
        if (text.IndexOf('?') is > 0 and var query)
            text = text[..query];
        // "./src/main.ts + 3 modules"
        if (text.EndsWith(" modules") && text.LastIndexOf(" + ") is > 0 and var more)
            text = text[..more];
        var slashed = text.Contains('\\') && !text.Contains('/') ? text.ToString().Replace('\\', '/') : null;
        var path = WithoutDots(slashed ?? text);
        return path.IsEmpty ? source : path.SequenceEqual(source) ? source : path.ToString();
    }

    /// <summary>"webpack://shop/", "webpack-internal:///", "ng:///", "turbopack:///[project]/", "file://"; a web site's own address stays.</summary>
    private static ReadOnlySpan<char> WithoutScheme(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("/@fs/"))
            return text[4..];
        var scheme = text.IndexOf("://");
        if (scheme <= 0 || text[..scheme] is "http" or "https")
            return text;
        if (text[..scheme] is "file")
            return text[7..];
        if (text[..scheme].IndexOfAnyExcept(SchemeLetters) >= 0)
            return text;
        text = text[(scheme + 3)..];
        text = text.IndexOf('/') is >= 0 and var slash ? text[(slash + 1)..] : text;
        foreach (var root in (ReadOnlySpan<string>)["[project]/", "(app-pages-browser)/", "(pages-dir-browser)/"])
        {
            if (text.StartsWith(root))
                text = text[root.Length..];
        }

        return text;
    }

    /// <summary>"/./src/a.ts", "../../src/a.ts", "src/./lib/../a.ts" are "src/a.ts".</summary>
    private static ReadOnlySpan<char> WithoutDots(ReadOnlySpan<char> text)
    {
        while (true)
        {
            if (text.StartsWith("./"))
                text = text[2..];
            else if (text.StartsWith("/./") || text.StartsWith("../"))
                text = text[3..];
            else if (text.StartsWith("/../"))
                text = text[4..];
            else
                break;
        }

        if (!text.Contains("/./", StringComparison.Ordinal) && !text.Contains("/../", StringComparison.Ordinal))
            return text;
        var kept = new List<string>();
        foreach (var part in text.ToString().Split('/'))
        {
            if (part == ".." && kept.Count > 0 && kept[^1].Length > 0)
                kept.RemoveAt(kept.Count - 1);
            else if (part is not ("." or ".."))
                kept.Add(part);
        }

        return string.Join('/', kept);
    }

    private static readonly SearchValues<char> SchemeLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._");
}

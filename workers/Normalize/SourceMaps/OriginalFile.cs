namespace ErrorPipeline.Workers.Normalize.SourceMaps;

/// <summary>
/// The name of a source without what the bundler and its folders add: "webpack://shop/./src/cart.ts?a1b2" and "../../src/cart.ts" are
/// "src/cart.ts". So a rebuild, or another bundler, keeps people's issues and what they read.
/// </summary>
internal static class OriginalFile
{
    public static string Tidy(string source)
    {
        var text = source.AsSpan();
        var scheme = text.IndexOf("://");
        if (scheme > 0 && (text.StartsWith("webpack") || text.StartsWith("vite") || text.StartsWith("rollup") || text.StartsWith("turbopack") || text.StartsWith("parcel")))
        {
            text = text[(scheme + 3)..];
            var slash = text.IndexOf('/');
            text = slash < 0 ? text : text[(slash + 1)..];
        }

        while (text.StartsWith("./") || text.StartsWith("../"))
            text = text[(text.IndexOf('/') + 1)..];
        if (text.IndexOf('?') is > 0 and var query)
            text = text[..query];
        return text.IsEmpty ? source : text.ToString();
    }
}

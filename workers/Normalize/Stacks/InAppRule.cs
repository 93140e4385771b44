using System.Buffers;

namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <summary>Which frames are the site's own code, judged by the file alone.</summary>
internal static class InAppRule
{
    private static readonly string[] ForeignStarts =
    [
        "chrome-extension:", "moz-extension:", "safari-extension:", "safari-web-extension:", "ms-browser-extension:", "extension:", "edge-extension:",
        "webkit-masked-url:", "chrome:", "resource:", "about:", "node:", "internal/", "ext:", "[native code]", "[wasm code]", "native", "<anonymous>", "index ",
        "snippet:", "debugger:", "debugger eval code", "user-script", "self-hosted", "extensions::", "devtools:",
    ];

    private static readonly SearchValues<char> FirstOfStarts = SearchValues.Create([.. ForeignStarts.Select(start => start[0]).Distinct()]);

    private static readonly SearchValues<string> ForeignParts = SearchValues.Create(
    [
        "/node_modules/", "/bower_components/", "\\node_modules\\", "/~/", "webpack/bootstrap", "webpack/runtime", "(webpack)",
        "//cdnjs.cloudflare.com/", "//cdn.jsdelivr.net/", "//unpkg.com/", "//ajax.googleapis.com/", "//code.jquery.com/", "//www.googletagmanager.com/",
        "//www.google-analytics.com/", "//connect.facebook.net/", "//www.gstatic.com/", "//polyfill.io/", "//static.hotjar.com/", "//js.stripe.com/",
    ], StringComparison.Ordinal);

    public static bool IsInApp(ReadOnlySpan<char> file)
    {
        if (file.IsEmpty || (FirstOfStarts.Contains(file[0]) && BeginsForeign(file)))
            return false;
        return !file.ContainsAny(ForeignParts);
    }

    private static bool BeginsForeign(ReadOnlySpan<char> file)
    {
        foreach (var start in ForeignStarts)
        {
            if (file.StartsWith(start, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}

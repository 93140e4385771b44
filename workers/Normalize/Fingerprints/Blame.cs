using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Normalize.Fingerprints;

/// <param name="Class">ours, third_party, extension, bot, network or unknown.</param>
/// <param name="Evidence">Why, in words.</param>
internal sealed record Blame(string Class, string Evidence)
{
    private static readonly string[] ExtensionSchemes =
        ["chrome-extension:", "moz-extension:", "safari-extension:", "safari-web-extension:", "ms-browser-extension:", "edge-extension:", "webkit-masked-url:", "user-script:"];

    /// <summary>Names of code that browsers, their extensions and in-app browsers put into pages.</summary>
    private static readonly string[] InjectedNames =
    [
        "__gCrWeb", "webkit.messageHandlers", "_AutofillCallbackHandler", "instantSearchSDKJSBridge", "zaloJSV2", "ceCurrentVideo", "__firefox__", "ucbrowser_script",
        "xbrowser is not defined", "ethereum", "MyApp_RemoveAllHighlights", "atomicFindClose", "conduitPage", "tgetT is not defined", "jigsaw is not defined", "SymBrowser_",
        "vid_mate_check", "pktAnnotationHighlighter", "bannerNight", "Extension context invalidated", "BetterJsPop",
    ];

    private static readonly string[] NetworkMessages =
        ["Failed to fetch", "Loading of a module failed", "Loading of a chunk failed", "Network Error", "Network request failed", "The operation was aborted", "timeout exceeded"];

    /// <param name="bot">The crawler's name, null for people.</param>
    public static Blame Of(string type, string message, string canonical, IReadOnlyList<StackFrame> frames, string? page, string? bot)
    {
        if (bot is not null)
            return new("bot", $"the user agent names a crawler: {bot}");
        var newest = frames.FirstOrDefault(f => f.File is not null && !IsEngine(f.File));
        if (newest?.File is { } file && ExtensionSchemes.FirstOrDefault(s => file.StartsWith(s, StringComparison.Ordinal)) is { } scheme)
            return new("extension", $"the newest frame is in a browser extension ({scheme}//)");
        if (InjectedNames.FirstOrDefault(n => message.Contains(n, StringComparison.Ordinal)) is { } name)
            return new("extension", $"'{name}' is a name of code that browsers or extensions put into pages");
        if (frames.Count == 0 && message.AsSpan().Trim().TrimEnd('.').Equals("Script error", StringComparison.OrdinalIgnoreCase))
            return new("third_party", "the browser hides errors of scripts from another origin (\"Script error.\"): their tag lacks crossorigin");
        if (type is "ChunkLoadError" or "NetworkError" or "AbortError" or "TimeoutError" || NetworkMessages.Any(m => canonical.StartsWith(m, StringComparison.Ordinal)))
            return new("network", $"'{(canonical.Length > 80 ? canonical[..80] : canonical)}' tells of a failed request, not of code");
        return newest?.File is null ? new("unknown", "there is no frame with a file") : ByHost(frames, newest.File, page);
    }

    private static Blame ByHost(IReadOnlyList<StackFrame> frames, string newest, string? page)
    {
        var own = frames.FirstOrDefault(f => f.InApp)?.File;
        if (own is null)
            return new("third_party", $"no frame is the site's own code; the newest is in {Short(newest)}");
        var host = Site.HostOf(own);
        var pageHost = page is null ? null : Site.HostOf(page);
        if (host is null || pageHost is null || Site.Of(host) == Site.Of(pageHost))
            return new("ours", $"the newest frame of the site's own code is in {Short(own)}");
        return frames.FirstOrDefault(f => f.InApp && Site.HostOf(f.File!) is { } other && Site.Of(other) == Site.Of(pageHost)) is { File: { } called }
            ? new("ours", $"{Short(called)} of the page's own site is among the callers")
            : new("third_party", $"the script is on {host}, the page on {pageHost}");
    }

    private static bool IsEngine(string file) => file[0] is '[' or '<' || file is "native" or "native code" || file.StartsWith("index ", StringComparison.Ordinal);

    private static string Short(string file) => file.Length > 120 ? file[..120] : file;
}

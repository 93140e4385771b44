namespace ErrorPipeline.Workers.Normalize.Blaming;

/// <summary>
/// What is known of code that is not the site's: addresses of files, names of globals and functions, words of failed requests. One row a
/// fact; every row has a case in BlameTests, and docs/blame.md tells what the groups mean.
/// </summary>
internal static class BlameTable
{
    private const string Extension = "extension";
    private const string Injected = "injected";

    /// <param name="Anywhere">The text may stand anywhere in the address, in any case; else it begins with it.</param>
    internal sealed record Row(string Class, string Text, string Words, bool Anywhere = false);

    /// <summary>Of the newest frame's file. User scripts come first: their managers are extensions with addresses of their own.</summary>
    public static readonly IReadOnlyList<Row> Files =
    [
        new(Extension, "userscript.html?name=", "a user script, run by an extension", Anywhere: true),
        new(Extension, ".user.js", "a user script, run by an extension", Anywhere: true),
        new(Extension, "user-script:", "a user script, run by an extension"),
        new(Extension, "/violentmonkey", "a user script, run by an extension", Anywhere: true),
        new(Extension, "/tampermonkey", "a user script, run by an extension", Anywhere: true),
        new(Extension, "/greasemonkey", "a user script, run by an extension", Anywhere: true),
        new(Extension, "chrome-extension:", "in a browser extension"),
        new(Extension, "moz-extension:", "in a browser extension"),
        new(Extension, "safari-extension:", "in a browser extension"),
        new(Extension, "safari-web-extension:", "in a browser extension"),
        new(Extension, "ms-browser-extension:", "in a browser extension"),
        new(Extension, "edge-extension:", "in a browser extension"),
        new(Extension, "extension:", "in a browser extension"),
        new(Extension, "webkit-masked-url:", "in code whose address Safari hides, which it does for extensions"),
        new(Injected, "translate.googleapis.com", "the browser's translator", Anywhere: true),
        new(Injected, "translate.google.com/", "the browser's translator", Anywhere: true),
        new(Injected, "translate_a/element.js", "the browser's translator", Anywhere: true),
        new(Injected, "kaspersky-labs.com", "put in by a virus scanner", Anywhere: true),
        new(Injected, "kis.v2.scr.", "put in by a virus scanner", Anywhere: true),
        new(Injected, "bitdefender.net/", "put in by a virus scanner", Anywhere: true),
        new(Injected, "superfish.com/", "put in by adware", Anywhere: true),
        new(Injected, "widdit.com/", "put in by adware", Anywhere: true),
        new(Injected, "epicplay.com", "put in by adware", Anywhere: true),
        new(Injected, "chrome://", "the browser's own code"),
        new(Injected, "resource://", "the browser's own code"),
        new(Injected, "debugger:", "typed in the developer tools"),
    ];

    /// <summary>In the message or in a function of the newest frames.</summary>
    public static readonly IReadOnlyList<Row> Names =
    [
        new(Extension, "Extension context invalidated", "what an extension says that was updated while its page was open"),
        new(Extension, "chrome.runtime.", "a name that only extensions use"),
        new(Extension, "browser.runtime.", "a name that only extensions use"),
        new(Extension, "runtime.sendMessage", "a name that only extensions use"),
        new(Extension, "Could not establish connection. Receiving end does not exist", "what an extension says whose other half is gone"),
        new(Extension, "The message port closed before a response was received", "what an extension says whose other half is gone"),
        new(Extension, "GM_", "a name that only user scripts use"),
        new(Extension, "window.ethereum", "a name that wallet extensions put into pages"),
        new(Extension, "property: ethereum", "a name that wallet extensions put into pages"),
        new(Extension, "solana", "a name that wallet extensions put into pages"),
        new(Extension, "MetaMask", "a wallet extension"),
        new(Extension, "pktAnnotationHighlighter", "a name of the Pocket extension"),
        new(Extension, "plugin.setSuspendState is not a function", "what an ad blocker says"),
        new(Extension, "BetterJsPop", "a name of ad extensions"),
        new(Injected, "_AutofillCallbackHandler", "a name that Instagram's and Facebook's browsers put into pages"),
        new(Injected, "instantSearchSDKJSBridge", "a name that Instagram's and Facebook's browsers put into pages"),
        new(Injected, "_pcmBridgeCallback", "a name that Facebook's browser puts into pages"),
        new(Injected, "PaymentAutofillBridge", "a name that Facebook's browser puts into pages"),
        new(Injected, "enableDidUserTypeOnKeyboardLogging", "a name that Instagram's browser puts into pages"),
        new(Injected, "enableButtonsClickedMetaDataLogging", "a name that Instagram's browser puts into pages"),
        new(Injected, "Java object is gone", "what a web view says whose app has closed it"),
        new(Injected, "Java bridge method invocation error", "what an Android app's bridge says"),
        new(Injected, "webkit.messageHandlers", "the bridge of an iOS app to its web view"),
        new(Injected, "__gCrWeb", "a name that Chrome and the Google app on iOS put into pages"),
        new(Injected, "__CrWeb", "a name that Chrome on iOS puts into pages"),
        new(Injected, "gCrWeb", "a name that Chrome and the Google app on iOS put into pages"),
        new(Injected, "__firefox__", "a name that Firefox on iOS puts into pages"),
        new(Injected, "zaloJSV2", "a name that Zalo's browser puts into pages"),
        new(Injected, "WeixinJSBridge", "a name that WeChat's browser puts into pages"),
        new(Injected, "bannerNight", "a name that QQ's browser puts into pages"),
        new(Injected, "ucbrowser_script", "a name that UC Browser puts into pages"),
        new(Injected, "UCShellJava", "a name that UC Browser puts into pages"),
        new(Injected, "ceCurrentVideo", "a name that video downloaders put into pages"),
        new(Injected, "vid_mate_check", "a name that VidMate puts into pages"),
        new(Injected, "xbrowser is not defined", "what a phone maker's browser says of its own code"),
        new(Injected, "MyApp_RemoveAllHighlights", "a name that iOS apps put into pages to mark words"),
        new(Injected, "SymBrowser_", "a name that Symantec's browser puts into pages"),
        new(Injected, "_avast_submit", "a name that Avast puts into pages"),
        new(Injected, "LIDNotify", "a name that iOS apps put into pages"),
        new(Injected, "ZiteReader", "a name that reader apps put into pages"),
        new(Injected, "atomicFindClose", "a name that Atomic Browser puts into pages"),
        new(Injected, "conduitPage", "a name that toolbars put into pages"),
        new(Injected, "EBCallBackMessageReceived", "a name that toolbars put into pages"),
        new(Injected, "bmi_SafeAddOnload", "a name that mobile carriers put into pages"),
        new(Injected, "originalCreateNotification", "a name that browsers' notification blockers put into pages"),
        new(Injected, "Object Not Found Matching Id:", "what the browser of a mail scanner says that opens links before people do"),
        new(Injected, "tgetT is not defined", "what a translator says"),
        new(Injected, "jigsaw is not defined", "what adware says"),
        new(Injected, "ComboSearch is not defined", "what adware says"),
    ];

    /// <summary>Beginnings of messages, as browsers write them and in our canonical form.</summary>
    public static readonly IReadOnlyList<string> RequestMessages =
    [
        "Failed to fetch", "Load failed", "NetworkError when attempting", "Network Error", "Network request failed", "A network error occurred",
        "The network connection was lost", "The Internet connection appears to be offline", "The request timed out", "Could not connect to the server",
        "A server with the specified hostname could not be found", "error loading dynamically imported module", "Importing a module script failed",
        "Loading chunk", "Loading CSS chunk", "Loading of a module failed", "Loading of a chunk failed", "The operation was aborted", "The user aborted a request",
        "signal is aborted without reason", "Fetch is aborted", "timeout exceeded", "timeout of", "Request failed with status code", "Unable to preload CSS",
    ];

    public static readonly IReadOnlyList<string> RequestTypes = ["ChunkLoadError", "NetworkError", "AbortError", "TimeoutError"];
}

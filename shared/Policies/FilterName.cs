namespace ErrorPipeline.Shared.Policies;

/// <summary>
/// The filters of a project by name; also the reason that a filtered event is counted with ("filtered:extension").
/// A new project filters what no change to its code could ever mend, and nothing else.
/// </summary>
public static class FilterName
{
    public const string Extension = "extension";
    public const string WebView = "web_view";
    public const string Crawler = "crawler";
    public const string LegacyBrowser = "legacy_browser";
    public const string Localhost = "localhost";
    public const string ScriptError = "script_error";

    /// <summary>Of a message glob; on where there are globs.</summary>
    public const string Message = "message";

    /// <summary>Of a release glob; on where there are globs.</summary>
    public const string Release = "release";

    /// <summary>Of a rule that says "ignore".</summary>
    public const string Rule = "rule";

    /// <summary>Of a person whose data was to be erased.</summary>
    public const string Erased = "erased";

    /// <summary>Those that are switched on and off by name.</summary>
    public static IReadOnlyList<string> Switches { get; } = [Extension, WebView, Crawler, LegacyBrowser, Localhost, ScriptError];

    public static IReadOnlyList<string> OnAtFirst { get; } = [Extension, WebView];

    /// <summary>
    /// The oldest versions kept where a project filters legacy browsers and names none: those without ES modules and Promise.finally
    /// (2018). "IE 12" never existed, so that every Internet Explorer is below it.
    /// </summary>
    public static IReadOnlyList<string> OldestBrowsersAtFirst { get; } =
        ["IE 12", "Edge 79", "Chrome 64", "Firefox 60", "Safari 12", "Opera 51", "Samsung Internet 8"];
}

/// <summary>What becomes of a visitor's address.</summary>
public static class AddressMode
{
    /// <summary>It takes no part in anything: who is not named by site or session counts as nobody.</summary>
    public const string Off = "off";

    /// <summary>Its network (IPv4 /24, IPv6 /48) is kept with the sample and tells users apart.</summary>
    public const string Truncated = "truncated";

    /// <summary>Only a keyed hash of it and the browser is kept, to tell users apart.</summary>
    public const string Hashed = "hashed";

    public static IReadOnlyList<string> All { get; } = [Hashed, Truncated, Off];
}

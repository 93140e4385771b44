namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// The addresses of generated files and maps, in one form: "https://site/a.js", or "~/a.js" for that path on any host.
/// Query and fragment never tell one build's file from another's and are dropped.
/// </summary>
public static class ArtifactUrl
{
    public const int Longest = 2000;

    /// <summary>"/a.js", "a.js" and "~/a.js" are "~/a.js". Null for what is no address.</summary>
    public static string? Normalize(string? given)
    {
        var text = given?.Trim();
        if (string.IsNullOrEmpty(text) || text.Length > Longest)
            return null;
        if (text.Contains("://", StringComparison.Ordinal))
            return Uri.TryCreate(text, UriKind.Absolute, out var full) ? Full(full) : null;
        var path = text.StartsWith("~/", StringComparison.Ordinal) ? text[1..] : text.StartsWith('/') ? text : "/" + text;
        return Uri.TryCreate("https://any" + path, UriKind.Absolute, out var any) && any.AbsolutePath.Length > 1 ? "~" + any.AbsolutePath : null;
    }

    /// <summary>What an artifact of this file may be called, the more exact first; empty for what is no address.</summary>
    public static IReadOnlyList<string> Names(string file)
    {
        if (Normalize(file) is not { } own)
            return [];
        return own[0] == '~' ? [own] : [own, "~" + new Uri(own).AbsolutePath];
    }

    /// <summary>What the map may be called that this file names by a relative or full address.</summary>
    public static IReadOnlyList<string> MapNames(string file, string mapUrl)
    {
        if (Normalize(file) is not { } own)
            return [];
        var place = new Uri(own[0] == '~' ? "https://any" + own[1..] : own);
        if (!Uri.TryCreate(place, mapUrl, out var map) || map.Scheme == "data")
            return [];
        var path = "~" + map.AbsolutePath;
        return own[0] == '~' && map.Host == "any" ? [path] : [Full(map), path];
    }

    /// <summary>"app.js" of "~/static/app.js".</summary>
    public static string FileName(string url) => url[(url.LastIndexOf('/') + 1)..];

    private static string Full(Uri address) => address.GetLeftPart(UriPartial.Path);
}

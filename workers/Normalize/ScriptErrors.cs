using ErrorPipeline.Workers.Normalize.Fingerprints;

namespace ErrorPipeline.Workers.Normalize;

/// <summary>
/// "Script error." has neither stack nor message of its own. What tells one from another is the page's origin and the scripts on it whose
/// tags lack crossorigin: one of them failed.
/// </summary>
internal static class ScriptErrors
{
    /// <summary>Origins of the scripts, each once, in order.</summary>
    public static IReadOnlyList<string> Origins(IReadOnlyList<string> scripts) =>
        [.. scripts.Select(Site.OriginOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Tokens(IReadOnlyList<string> errorTokens, IReadOnlyList<string> scripts, string? page) =>
        [.. errorTokens, $"page origin: {Site.OriginOf(page) ?? "unknown"}", $"script origins: {(scripts.Count == 0 ? "unknown" : string.Join(", ", Origins(scripts)))}"];

    public static string Title(IReadOnlyList<string> scripts) => Origins(scripts) switch
    {
        [] => "Script error. (of another origin, not known which)",
        [var one] => $"Script error. (of {one})",
        [var one, var two] => $"Script error. (of {one} or {two})",
        var all => $"Script error. (of {all[0]} or one of {all.Count - 1} others)",
    };
}

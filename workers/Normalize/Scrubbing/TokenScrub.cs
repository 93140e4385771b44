using System.Buffers;

namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>Tokens that show what they are by their form: JWTs, "Bearer x", keys of well-known services.</summary>
internal static class TokenScrub
{
    private static readonly string[] KeyStarts = ["sk_live_", "rk_live_", "sk_test_", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "AKIA", "AIza", "SG."];

    /// <summary>Hardly any text has one: a single look for all of them.</summary>
    private static readonly SearchValues<string> Starts = SearchValues.Create(["eyJ", "Bearer ", "bearer ", .. KeyStarts], StringComparison.Ordinal);

    public static string Run(string text)
    {
        if (!text.AsSpan().ContainsAny(Starts))
            return text;
        text = Each(text, "eyJ", static (word, _) => word.Length >= 30 && word.Count('.') >= 1 ? 0 : -1);
        foreach (var start in KeyStarts)
            text = Each(text, start, static (word, prefix) => word.Length >= prefix + 16 ? 0 : -1);
        text = Each(text, "Bearer ", static (word, prefix) => word.Length >= prefix + 8 ? prefix : -1);
        return Each(text, "bearer ", static (word, prefix) => word.Length >= prefix + 16 ? prefix : -1);
    }

    /// <param name="cut">Given the word from <paramref name="start"/> on and the start's length: where the secret begins in it, or -1.</param>
    private static string Each(string text, string start, Func<ReadOnlySpan<char>, int, int> cut)
    {
        var found = text.IndexOf(start, StringComparison.Ordinal);
        if (found < 0)
            return text;
        var rewriter = new Rewriter(text);
        while (found >= 0)
        {
            var end = found + start.Length;
            while (end < text.Length && IsTokenCharacter(text[end]))
                end++;
            var secret = found > 0 && char.IsLetterOrDigit(text[found - 1]) ? -1 : cut(text.AsSpan(found, end - found), start.Length);
            if (secret >= 0)
                rewriter.Replace(found + secret, end, Scrub.Filtered);
            found = text.IndexOf(start, end, StringComparison.Ordinal);
        }

        return rewriter.Result();
    }

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+' or '/' or '=' or '~';
}

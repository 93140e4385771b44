using System.Buffers;

namespace ErrorPipeline.Shared.Storage;

/// <summary>Makes any string one that a database keeps unchanged: no NUL, no lone surrogate, not endless.</summary>
internal static class StoreText
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0xD800, 0x800).Select(c => (char)c), '\0']);

    public static string Clean(string? text, int maxChars)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        if (text.Length > maxChars)
            text = text[..(char.IsHighSurrogate(text[maxChars - 1]) ? maxChars - 1 : maxChars)];
        return text.AsSpan().ContainsAny(Suspects) ? Replace(text) : text;
    }

    public static string? CleanOrNull(string? text, int maxChars) => text is null ? null : Clean(text, maxChars);

    private static string Replace(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            var pair = char.IsHighSurrogate(from[i]) && i + 1 < from.Length && char.IsLowSurrogate(from[i + 1]);
            to[i] = from[i] == '\0' || (char.IsSurrogate(from[i]) && !pair) ? '\uFFFD' : from[i];
            if (pair)
                to[i + 1] = from[++i];
        }
    });
}

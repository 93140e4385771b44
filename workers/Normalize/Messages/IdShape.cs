namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>How ids look that programs make up: no person writes such words, and the next event has another.</summary>
internal static class IdShape
{
    public const int UuidLength = 36;
    private const int ShortestToken = 16;
    private const int LongestToken = 64;

    /// <summary>Letters, digits and what else stands in names of code.</summary>
    public static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';

    public static bool IsUuid(ReadOnlySpan<char> text) =>
        text.Length >= UuidLength && (text.Length == UuidLength || !char.IsLetterOrDigit(text[UuidLength])) && Guid.TryParseExact(text[..UuidLength], "D", out _);

    /// <summary>A run of digits that no letter follows; 0 where there is none.</summary>
    public static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        if (end < 0)
            end = text.Length;
        return end > 0 && end < text.Length && char.IsLetter(text[end]) ? 0 : end;
    }

    /// <summary>
    /// Length of the id that the text begins with, up to the end of the word or an underscore in it: eight or more hex digits with letters and
    /// digits among them; 20 and more characters that mix both; or letters and digits in no order, as in "dQw4w9WgXcQ". 0 for what is none.
    /// </summary>
    public static int Hash(ReadOnlySpan<char> text)
    {
        var start = text.StartsWith("0x") ? 2 : 0;
        int end = start, digits = 0, letters = 0, turns = 0;
        var hex = true;
        for (; end < text.Length && char.IsLetterOrDigit(text[end]); end++)
        {
            var c = text[end];
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsLetter(c) ? 1 : 0;
            hex &= char.IsAsciiHexDigit(c);
            turns += end > start && IsTurn(text[end - 1], c) ? 1 : 0;
        }

        if (start == 2 && end > 2 && hex)
            return end;
        if (digits == 0 || letters == 0)
            return 0;
        // "getElement2ById" turns at 4 of 15 places; what is drawn by lot at every second.
        var isMixed = end switch { >= 10 => turns * 3 >= end, >= 8 => turns * 2 >= end, >= 6 => turns * 3 >= end * 2, _ => false };
        return (hex && end >= 8) || (end >= 20 && digits >= 4) || isMixed ? end : 0;
    }

    /// <summary>As <see cref="Hash"/>, of 16 to 64 characters in both cases with hyphens and underscores among them: "V1StGXR8_Z5jdHi6B-myT".</summary>
    public static int Token(ReadOnlySpan<char> text)
    {
        int end = 0, turns = 0, digits = 0;
        bool small = false, capital = false;
        for (; end < text.Length && end <= LongestToken && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '_'); end++)
        {
            digits += char.IsAsciiDigit(text[end]) ? 1 : 0;
            (small, capital) = (small || char.IsAsciiLetterLower(text[end]), capital || char.IsAsciiLetterUpper(text[end]));
            turns += end > 0 && char.IsLetterOrDigit(text[end - 1]) && char.IsLetterOrDigit(text[end]) && IsTurn(text[end - 1], text[end]) ? 1 : 0;
        }

        return end is >= ShortestToken and <= LongestToken && digits >= 2 && small && capital && turns * 3 >= end ? end : 0;
    }

    /// <summary>From small to capital, or between letters and digits; a capital that begins a word is none with what follows it.</summary>
    private static bool IsTurn(char before, char after) =>
        char.IsAsciiDigit(before) != char.IsAsciiDigit(after) || (char.IsLower(before) && char.IsUpper(after));
}

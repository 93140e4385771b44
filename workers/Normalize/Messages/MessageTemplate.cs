using System.Text;

namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>
/// A message with what varies between occurrences replaced by placeholders: addresses, e-mails, UUIDs, dates, hashes and ids, numbers, long
/// quoted texts; also where an id hangs on a word, as in "user_12345" and "order-7f3a". One pass from left to right; at each place the most telling form wins.
/// </summary>
internal static class MessageTemplate
{
    private const int LongestRead = 2 * 1024;
    private const int LongQuote = 40;
    private const int FewestDigitsOfTail = 4;

    public static string Of(string message)
    {
        var text = message.AsSpan(0, Math.Min(message.Length, LongestRead)).Trim();
        var template = new StringBuilder(text.Length);
        var i = 0;
        while (i < text.Length)
        {
            var (length, placeholder) = i == 0 || !IdShape.IsWord(text[i - 1]) ? Variable(text, i) : text[i - 1] == '_' ? Id(text[i..]) : Tail(text, i);
            if (length == 0)
            {
                if (!char.IsWhiteSpace(text[i]))
                    template.Append(text[i]);
                else if (template.Length > 0 && template[^1] != ' ')
                    template.Append(' ');
                i++;
                continue;
            }

            template.Append(placeholder);
            i += length;
        }

        return template.ToString();
    }

    private static (int Length, string Placeholder) Variable(ReadOnlySpan<char> text, int start)
    {
        var rest = text[start..];
        if (Url(rest) is > 0 and var url)
            return (url, "<url>");
        if (Mail(rest) is > 0 and var mail)
            return (mail, "<email>");
        if (SpokenDate.Length(rest) is > 0 and var spoken)
            return (spoken, "<date>");
        return Date(rest) is > 0 and var date ? (date, "<date>")
            : Hash(rest) is { Length: > 0 } id ? id
            : Number(rest) is > 0 and var number ? (number, "<n>") : Quoted(text, start);
    }

    private static (int Length, string Placeholder) Hash(ReadOnlySpan<char> rest) =>
        IdShape.IsUuid(rest) ? (IdShape.UuidLength, "<uuid>")
        : IdShape.Token(rest) is > 0 and var token ? (token, "<hash>")
        : IdShape.Hash(rest) is > 0 and var hash ? (hash, "<hash>") : default;

    /// <summary>Behind an underscore: "user_12345", "cus_NffrFeUfNV2Hib".</summary>
    private static (int Length, string Placeholder) Id(ReadOnlySpan<char> rest) =>
        Hash(rest) is { Length: > 0 } hash ? hash : IdShape.Digits(rest) is > 0 and var digits ? (digits, "<n>") : default;

    /// <summary>Inside of a word: many digits at its end, "order98765". "utf8", "base64" and "vec3" are names.</summary>
    private static (int Length, string Placeholder) Tail(ReadOnlySpan<char> text, int start)
    {
        if (!char.IsAsciiDigit(text[start]))
            return Quoted(text, start);
        return !char.IsAsciiDigit(text[start - 1]) && IdShape.Digits(text[start..]) is >= FewestDigitsOfTail and var tail ? (tail, "<n>") : default;
    }

    /// <summary>Any scheme, to the end of the word; a bracket or full stop after it is the sentence's.</summary>
    private static int Url(ReadOnlySpan<char> text)
    {
        var scheme = 0;
        while (scheme < text.Length && scheme < 24 && (char.IsAsciiLetterOrDigit(text[scheme]) || text[scheme] is '+' or '-'))
            scheme++;
        if (scheme < 2 || !(text[scheme..].StartsWith("://") || (text[scheme..].StartsWith(":") && text[..scheme] is "blob" or "data")))
            return 0;
        var end = text.IndexOfAny(" \t\r\n\"'<>`");
        if (end < 0)
            end = text.Length;
        while (end > scheme + 3 && text[end - 1] is '.' or ',' or ')' or ']' or ':' or ';' or '!' or '}')
            end--;
        return end;
    }

    private static int Mail(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("[email]"))
            return 7;
        var at = 0;
        while (at < text.Length && at < 64 && (char.IsLetterOrDigit(text[at]) || text[at] is '.' or '_' or '+' or '-'))
            at++;
        if (at == 0 || at >= text.Length || text[at] != '@')
            return 0;
        var end = at + 1;
        while (end < text.Length && end - at < 200 && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '-'))
            end++;
        while (text[end - 1] is '.' or '-')
            end--;
        return end > at + 3 && text[(at + 1)..end].Contains('.') ? end : 0;
    }

    /// <summary>"2026-11-22", with a time of day where one follows: "2026-11-22T05:40:00.000Z".</summary>
    private static int Date(ReadOnlySpan<char> text)
    {
        if (text.Length < 10 || text[4] is not ('-' or '/') || text[7] != text[4] || !Digits(text[..4]) || !Digits(text[5..7]) || !Digits(text[8..10]))
            return 0;
        var end = 10;
        if (text.Length >= 16 && text[10] is 'T' or ' ' && Digits(text[11..13]) && text[13] == ':')
        {
            end = 13;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is ':' or '.' or '+' or 'Z'))
                end++;
        }

        while (text[end - 1] is '.' or ':')
            end--;
        return end;
    }

    private static bool Digits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Also signed, with fractions, exponents or units: "-1.5e3", "12px", "300ms". "h1" and "utf8" are words and stay.</summary>
    private static int Number(ReadOnlySpan<char> text)
    {
        var end = text.Length > 1 && text[0] is '-' or '+' && char.IsAsciiDigit(text[1]) ? 1 : 0;
        var digits = end;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] is '.' or ',' && end > digits && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
            end++;
        if (end == digits)
            return 0;
        var unit = end;
        while (unit < text.Length && IdShape.IsWord(text[unit]))
            unit++;
        return text[end..unit] is "" or ['_', ..] or "px" or "ms" or "s" or "kb" or "KB" or "MB" or "b" or "em" or "rem" or "th" or "st" or "nd" or "rd" ? end
            : text[end..unit] is ['e' or 'E', .. var power] && Digits(power) ? unit : 0;
    }

    /// <summary>Long texts in quotes are data; short ones are mostly names.</summary>
    private static (int Length, string Placeholder) Quoted(ReadOnlySpan<char> text, int start)
    {
        if (text[start] is not ('"' or '\'' or '`') || (start > 0 && IdShape.IsWord(text[start - 1])))
            return default;
        var length = text[(start + 1)..].IndexOf(text[start]);
        return length >= LongQuote ? (length + 2, $"{text[start]}<text>{text[start]}") : default;
    }
}

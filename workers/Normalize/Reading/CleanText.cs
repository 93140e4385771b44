using System.Buffers;
using System.Text;

namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>
/// JSON strings of visitors to valid UTF-16 that any store takes: lone surrogates become U+FFFD, as does broken UTF-8; NUL and other
/// control characters, which no store or page wants, are left out. The framework's own reading throws on the first of these.
/// </summary>
internal static class CleanText
{
    private const char Replacement = '\ufffd';

    /// <summary>Printable ASCII but for the backslash: one byte, one character, nothing to clean.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(' ', '\u007f' - ' ').Where(c => c != '\\').Select(c => (byte)c)]);

    private static readonly SearchValues<char> Unwanted = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(c => (char)c).Except("\n\r\t"), '\u007f']);

    /// <param name="escaped">The inside of a JSON string token that the tokenizer has accepted, still escaped.</param>
    /// <param name="longest">In UTF-16 units; the rest is dropped.</param>
    public static string Unescape(ReadOnlySpan<byte> escaped, int longest)
    {
        if (escaped.Length <= longest && !escaped.ContainsAnyExcept(Plain))
            return Encoding.Latin1.GetString(escaped);
        // Six bytes of JSON make at least one character, and one byte at most one.
        if (escaped.Length > longest * 6L)
            escaped = escaped[..(longest * 6)];
        var text = new StringBuilder(Math.Min(escaped.Length, longest));
        while (!escaped.IsEmpty && text.Length < longest)
        {
            var backslash = escaped.IndexOf((byte)'\\');
            if (backslash != 0)
            {
                var plain = backslash < 0 ? escaped : escaped[..backslash];
                text.Append(Encoding.UTF8.GetString(plain));
                escaped = escaped[plain.Length..];
                continue;
            }

            escaped = escaped[AppendEscape(text, escaped)..];
        }

        return text.Length <= longest && text.ToString() is var whole && !NeedsCleaning(whole) ? whole : Clean(text, longest);
    }

    /// <summary>The same for a string that is UTF-16 already.</summary>
    public static string Clean(string text, int longest)
    {
        if (text.Length <= longest && !NeedsCleaning(text))
            return text;
        return Clean(new StringBuilder(text, 0, Math.Min(text.Length, longest + 1), longest + 1), longest);
    }

    private static string Clean(StringBuilder text, int longest)
    {
        var kept = 0;
        for (var i = 0; i < text.Length && kept < longest; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                if (kept + 2 > longest)
                    break;
                text[kept++] = c;
                text[kept++] = text[++i];
            }
            else if (char.IsSurrogate(c))
                text[kept++] = Replacement;
            else if (!Unwanted.Contains(c))
                text[kept++] = c;
        }

        return text.ToString(0, kept);
    }

    private static bool NeedsCleaning(string text) => text.AsSpan().ContainsAny(Unwanted) || text.AsSpan().ContainsAnyInRange('\ud800', '\udfff');

    /// <summary>Returns the bytes taken.</summary>
    private static int AppendEscape(StringBuilder text, ReadOnlySpan<byte> escaped)
    {
        if (escaped.Length < 2)
            return escaped.Length;
        switch (escaped[1])
        {
            case (byte)'n': text.Append('\n'); return 2;
            case (byte)'r': text.Append('\r'); return 2;
            case (byte)'t': text.Append('\t'); return 2;
            case (byte)'b' or (byte)'f': return 2;
            case (byte)'u':
                if (escaped.Length < 6)
                    return escaped.Length;
                text.Append((char)((Hex(escaped[2]) << 12) | (Hex(escaped[3]) << 8) | (Hex(escaped[4]) << 4) | Hex(escaped[5])));
                return 6;
            default: text.Append((char)escaped[1]); return 2;
        }
    }

    private static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => 0,
    };
}

using System.Text;

namespace ErrorPipeline.Workers.Normalize.Fingerprints;

/// <summary>
/// The file of a frame without what a deployment or a visit changes: origin, query, content hashes, build ids, numbers in the path.
/// "https://cdn.a.test/static/js/main.3f2a1b9c.js?v=2" is "/static/js/main.*.js".
/// </summary>
internal static class FrameFile
{
    public static string Stable(string file)
    {
        var path = Path(file);
        var stable = new StringBuilder(path.Length);
        foreach (var range in path.Split('/'))
        {
            if (stable.Length > 0 || range.Start.GetOffset(path.Length) > 0)
                stable.Append('/');
            AppendSegment(stable, path[range]);
        }

        return stable.Length == 0 ? "/" : stable.ToString();
    }

    /// <summary>Nobody writes lines that long.</summary>
    private const int LongestWritten = 250;

    /// <summary>A bundler's output as far as one can tell: what builds change in its name, "min" in it, or a line that nobody wrote.</summary>
    public static bool IsBuilt(string stable, int? column)
    {
        var name = stable.AsSpan(stable.LastIndexOf('/') + 1);
        return column > LongestWritten || name.Contains(".min.", StringComparison.Ordinal) || (name.Contains('*') && name.EndsWith("js"));
    }

    /// <summary>For people: path without origin and query.</summary>
    public static ReadOnlySpan<char> Path(string file)
    {
        var text = file.AsSpan();
        if (text.StartsWith("blob:") || text.StartsWith("data:"))
            return text[..4];
        if (text.IndexOf(":wasm-function[") is > 0 and var offset)
            text = text[..offset];
        var scheme = text.IndexOf("://");
        if (scheme > 0)
        {
            var rest = text[(scheme + 3)..];
            var slash = rest.IndexOf('/');
            // An extension's id and a bundler's name are no hosts, but neither say which code it is.
            text = slash < 0 ? "/" : rest[slash..];
        }

        if (text.IndexOfAny('?', '#') is >= 0 and var end)
            text = text[..end];
        if (text.IndexOf("/./") is >= 0 and var dot)
            text = text[(dot + 2)..];
        return text;
    }

    private static void AppendSegment(StringBuilder stable, ReadOnlySpan<char> segment)
    {
        if (IsNumber(segment) || IsVersion(segment) || IsId(segment))
        {
            stable.Append('*');
            return;
        }

        // Words between the separators that bundlers put around hashes.
        while (true)
        {
            var separator = segment.IndexOfAny(".-_~");
            var word = separator < 0 ? segment : segment[..separator];
            if (IsNumber(word) || IsId(word))
            {
                if (stable.Length == 0 || stable[^1] != '*')
                    stable.Append('*');
            }
            else
                stable.Append(word);
            if (separator < 0)
                return;
            stable.Append(segment[separator]);
            segment = segment[(separator + 1)..];
        }
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>"1.2.3", "v18.0.1-rc1"; not "2.8d1c0f3a.chunk.js", which begins with another digit after the next build.</summary>
    private static bool IsVersion(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("v"))
            text = text[1..];
        if (text.IndexOfAny('-', '+') is >= 0 and var tail)
            text = text[..tail];
        var parts = 0;
        foreach (var part in text.Split('.'))
        {
            if (!IsNumber(text[part]))
                return false;
            parts++;
        }

        return parts > 1;
    }

    /// <summary>Hashes of six hex digits and more, UUIDs, base64url ids, the eight characters of Vite.</summary>
    private static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length < 6)
            return false;
        int digits = 0, upper = 0, lower = 0;
        var hex = true;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
            lower += char.IsAsciiLetterLower(c) ? 1 : 0;
            hex &= char.IsAsciiHexDigit(c) || c == '-';
        }

        if (hex)
            return digits > 0 && (text.Length >= 8 || upper + lower > 0);
        return (digits >= 2 && upper > 0 && lower > 0 && text.Length >= 8) || (digits >= 4 && text.Length >= 16) || (text.Length == 8 && (digits > 0 || (upper > 1 && lower > 0)) && !IsWords(text));
    }

    /// <summary>"MyButton" and "index2" are made of words; "BdXkQAzZ" is not.</summary>
    private static bool IsWords(ReadOnlySpan<char> text)
    {
        var run = 2;
        foreach (var c in text.TrimEnd("0123456789"))
        {
            if (char.IsAsciiLetterLower(c))
                run++;
            else if (run < 2 || !char.IsAsciiLetterUpper(c))
                return false;
            else
                run = 1;
        }

        return run >= 2;
    }
}

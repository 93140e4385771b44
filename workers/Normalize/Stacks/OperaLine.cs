namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <summary>Opera before it became Chrome: back-traces in sentences, each followed by a line of source.</summary>
internal static class OperaLine
{
    public static bool TryRead(ReadOnlySpan<char> line, out RawFrame frame)
    {
        if (line.StartsWith("Line "))
            return TryLinked(line[5..], out frame);
        if (line.StartsWith("Error thrown at line ") || line.StartsWith("Error created at line ") || line.StartsWith("called from line ") || line.StartsWith("called via ") || line.StartsWith("called as "))
            return TryCalled(line, out frame);
        frame = default;
        return false;
    }

    /// <summary>"Line 18 of linked script http://path/file.js: In function run", "Line 4 of inline#1 script in http://path/".</summary>
    private static bool TryLinked(ReadOnlySpan<char> text, out RawFrame frame)
    {
        frame = default;
        var script = text.IndexOf(" script ");
        if (script < 0 || !TryNumber(text, out var number))
            return false;
        var file = text[(script + 8)..];
        if (file.StartsWith("in "))
            file = file[3..];
        ReadOnlySpan<char> function = default;
        if (file.IndexOf(": In function ") is >= 0 and var named)
        {
            function = file[(named + 14)..].Trim();
            file = file[..named];
        }

        frame = new(function, file.Trim(), number, null);
        return !file.Trim().IsEmpty;
    }

    /// <summary>"called from line 27, column 8 in &lt;anonymous function: run>(ex) in http://path/file.js:".</summary>
    private static bool TryCalled(ReadOnlySpan<char> text, out RawFrame frame)
    {
        frame = default;
        var start = text.IndexOf("line ");
        if (start < 0)
            return false;
        text = text[(start + 5)..];
        var columnWord = text.IndexOf(", column ");
        var place = text.IndexOf(" in ");
        if (columnWord < 0 || place < columnWord || !TryNumber(text, out var line) || !TryNumber(text[(columnWord + 9)..], out var column))
            return false;
        var file = text[(place + 4)..];
        ReadOnlySpan<char> function = default;
        if (file.LastIndexOf(" in ") is >= 0 and var last)
        {
            function = Name(file[..last]);
            file = file[(last + 4)..];
        }

        frame = new(function, file.TrimEnd(':'), line, column);
        return true;
    }

    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> text)
    {
        if (text.IndexOf('(') is >= 0 and var open)
            text = text[..open];
        return text.StartsWith("<anonymous function: ") && text.EndsWith(">") ? text[21..^1] : text;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number)
    {
        var digits = 0;
        while (digits < text.Length && digits < 9 && char.IsAsciiDigit(text[digits]))
            digits++;
        return int.TryParse(text[..digits], out number);
    }
}

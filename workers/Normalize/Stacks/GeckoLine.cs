namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <summary>"function@file:line:column": Firefox, Safari, React Native on JavaScriptCore, Opera 11 and 12.</summary>
internal static class GeckoLine
{
    public static bool TryRead(ReadOnlySpan<char> line, out RawFrame frame)
    {
        frame = default;
        // Opera repeats the place where the error object was made.
        if (line.StartsWith("Error created at "))
            return false;
        var at = Separator(line);
        if (at > 0 && IsSentence(line[..at]))
            return false;
        var text = at < 0 ? line : line[(at + 1)..];
        var place = Location.Read(text);
        if (!IsPlausible(text, place, named: at >= 0))
            return false;
        frame = new(at < 0 ? default : FunctionName(line[..at]), place) { Async = at > 0 && (line[..at].Contains('*') || line.StartsWith("async ")) };
        return true;
    }

    /// <summary>
    /// The '@' between function and file; -1 where the line is a file alone. Files hold '@' (unpkg.com/react@16), names too
    /// (obj["@fn"]), so the first one that a place follows wins, else the first outside of quotes.
    /// </summary>
    private static int Separator(ReadOnlySpan<char> line)
    {
        if (Location.LooksLikePlace(line))
            return -1;
        var fallback = -1;
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
                quoted = !quoted;
            if (line[i] != '@')
                continue;
            if (Location.LooksLikePlace(line[(i + 1)..]))
                return i;
            if (fallback < 0 && !quoted)
                fallback = i;
        }

        return fallback;
    }

    private static bool IsPlausible(ReadOnlySpan<char> text, Location place, bool named)
    {
        if (text is "[native code]" or "[wasm code]" || place.File is "self-hosted" || (named && place.File is "debugger eval code"))
            return true;
        if (place.File.IsEmpty)
            return false;
        var sure = Location.LooksLikePlace(text);
        if (named)
            return sure || text.Contains(":wasm-function[", StringComparison.Ordinal) || (place.Line is not null && text.IndexOf(' ') < 0);
        if (place.Line is null || text.IndexOf(' ') >= 0)
            return false;
        return sure || place.File.IndexOfAny('/', '.') >= 0;
    }

    /// <summary>"Error: ask me@example.test:25" is a message: no name has a colon and a blank outside of quotes.</summary>
    private static bool IsSentence(ReadOnlySpan<char> name)
    {
        var colon = name.IndexOf(": ");
        return colon > 0 && !name.StartsWith("<") && name[..colon].IndexOfAny("\"'([{") < 0;
    }

    private static ReadOnlySpan<char> FunctionName(ReadOnlySpan<char> name)
    {
        name = name.Trim();
        // Firefox 3 and Opera give the arguments as well.
        if (name.EndsWith(")") && name.IndexOf('(') is >= 0 and var open)
            name = name[..open];
        if (name.StartsWith("<anonymous function"))
            return name.StartsWith("<anonymous function: ") && name.EndsWith(">") ? name[21..^1] : default;
        // "async*", "setTimeout handler*": how an anonymous function was reached, not a name.
        return name.EndsWith("*") ? default : name;
    }
}

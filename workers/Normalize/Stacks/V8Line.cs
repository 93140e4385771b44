namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <summary>"at function (file:line:column)" and its kin: Chrome, Edge of both kinds, IE, new Opera, Node, Hermes, PhantomJS.</summary>
internal static class V8Line
{
    public static bool TryRead(ReadOnlySpan<char> line, out RawFrame frame)
    {
        frame = default;
        if (line.StartsWith("in ") && line.EndsWith(")"))
            return TryComponent(line[3..], out frame);
        if (!line.StartsWith("at "))
            return false;
        var text = line[3..].Trim();
        // Node's inspection goes on with the error's own properties.
        if (text.EndsWith(" {"))
            text = text[..^2].TrimEnd();
        if (!(TryEval(text, out frame) || TryParenthesized(text, out frame) || TryBare(text, out frame)))
            return false;
        frame = new(frame.Function, frame.File, frame.Line, frame.Column) { Async = text.StartsWith("async ") || text.Contains("(async ", StringComparison.Ordinal) };
        return true;
    }

    /// <summary>
    /// "baz (eval at foo (eval at speak (file:21:17), &lt;anonymous>:1:1), &lt;anonymous>:1:30)": the innermost parenthesis is the file that
    /// called eval first, the only place that exists outside of memory. Chrome once forgot closing parentheses, so none are counted here.
    /// </summary>
    private static bool TryEval(ReadOnlySpan<char> text, out RawFrame frame)
    {
        frame = default;
        var start = text.StartsWith("eval at ") ? 0 : text.IndexOf("(eval at ");
        if (start < 0)
            return false;
        var origin = text[(text.LastIndexOf("eval at ") + 8)..];
        var open = origin.IndexOf('(');
        if (open < 0)
        {
            // Called from code without a file, such as the console: only the place inside of the evaluated text is known.
            var comma = origin.LastIndexOf(", ");
            frame = new(text[..start].TrimEnd(), Location.Read(origin[(comma + 2)..].TrimEnd(')')));
            return comma > 0;
        }

        origin = origin[(open + 1)..];
        frame = new(text[..start].TrimEnd(), Location.Read(origin[..Closing(origin)]));
        return true;
    }

    private static bool TryParenthesized(ReadOnlySpan<char> text, out RawFrame frame)
    {
        frame = default;
        if (!text.EndsWith(")"))
            return false;
        var open = Opening(text);
        if (open < 0)
            open = text.IndexOf('(');
        if (open < 0)
            return false;
        if (open > 0 && text[open - 1] != ' ' && Location.LooksLikePlace(text))
            return false;
        var function = text[..open].TrimEnd();
        var inside = text[(open + 1)..^1];
        frame = inside.StartsWith("created by ") ? new(function, default, null, null) : new(function, Location.Read(inside));
        return true;
    }

    private static bool TryBare(ReadOnlySpan<char> text, out RawFrame frame)
    {
        var separator = text.IndexOf(" @ ");
        if (separator > 0)
        {
            frame = new(text[..separator].TrimEnd(), Location.Read(text[(separator + 3)..]));
            return true;
        }

        var place = Location.Read(text);
        if (place.Line is not null || Location.LooksLikePlace(place.File) || IsWasm(place.File))
        {
            frame = new(default, place);
            return true;
        }

        frame = new(text, default, null, null);
        return IsName(text);
    }

    /// <summary>React before 17: "in Button (at App.js:12)", "in App (created by Root)".</summary>
    private static bool TryComponent(ReadOnlySpan<char> text, out RawFrame frame)
    {
        frame = default;
        var open = text.IndexOf(" (");
        if (open < 1)
            return false;
        var inside = text[(open + 2)..^1];
        if (inside.StartsWith("at "))
            frame = new(text[..open], Location.Read(inside[3..]));
        else if (inside.StartsWith("created by "))
            frame = new(text[..open], default, null, null);
        else
            return false;
        return true;
    }

    /// <summary>"in App", the root of such a component stack: a line of text anywhere else.</summary>
    public static bool TryRoot(ReadOnlySpan<char> line, out RawFrame frame)
    {
        frame = line.StartsWith("in ") ? new(line[3..], default, null, null) : default;
        return line.StartsWith("in ") && IsName(line[3..]);
    }

    private static bool IsWasm(ReadOnlySpan<char> text) => text.Contains("wasm-function[", StringComparison.Ordinal);

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '$' or '.' or '-' or '#' or '<' or '>'))
                return false;
        }

        return !text.IsEmpty && !char.IsAsciiDigit(text[0]) && text[^1] != '.';
    }

    /// <summary>The parenthesis that the last character closes, so that those inside of addresses do not matter.</summary>
    private static int Opening(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = text.Length - 1; i >= 0; i = text[..i].LastIndexOfAny('(', ')'))
        {
            if (text[i] == ')')
                depth++;
            else if (text[i] == '(' && --depth == 0)
                return i;
        }

        return -1;
    }

    private static int Closing(ReadOnlySpan<char> text)
    {
        var depth = 1;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(')
                depth++;
            else if (text[i] == ')' && --depth == 0)
                return i;
        }

        return text.Length;
    }
}

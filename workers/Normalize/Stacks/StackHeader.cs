namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <summary>"TypeError: x is not a function", the lines that V8 writes above the frames.</summary>
internal static class StackHeader
{
    private const int LongestType = 128;

    /// <summary>Type is null where the text does not begin with something that can be a class name.</summary>
    public static (string? Type, string? Message) Read(ReadOnlySpan<char> text)
    {
        text = WithoutPrefix(BelowExcerpt(text.Trim()));
        if (text.EndsWith("\nBacktrace:"))
            text = text[..^11].TrimEnd();
        if (text.IsEmpty)
            return (null, null);
        var colon = text.IndexOf(':');
        var name = colon < 0 ? text : WithoutCode(text[..colon]);
        if (!IsTypeName(name) || (colon >= 0 && colon + 1 < text.Length && !char.IsWhiteSpace(text[colon + 1])))
            return (null, text.ToString());
        if (colon < 0)
            return name.EndsWith("Error") || name.EndsWith("Exception") ? (name.ToString(), "") : (null, text.ToString());
        return (name.ToString(), text[(colon + 1)..].Trim().ToString());
    }

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> text)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["Uncaught ", "uncaught exception: ", "(in promise) ", "Unhandled promise rejection: ", "Unhandled Promise Rejection: "])
        {
            if (text.StartsWith(prefix))
                text = text[prefix.Length..].TrimStart();
        }

        return text;
    }

    /// <summary>What Node prints above an uncaught error: the place, the line of source, a caret under the column, an empty line.</summary>
    private static ReadOnlySpan<char> BelowExcerpt(ReadOnlySpan<char> text)
    {
        var gap = text.IndexOf("^\n\n");
        return gap > 0 && text[..gap].LastIndexOf('\n') is > 0 and var line && text[line..gap].Trim(" \t\n^").IsEmpty ? text[(gap + 3)..] : text;
    }

    /// <summary>"TypeError [ERR_INVALID_ARG_TYPE]": Node's code of the error.</summary>
    private static ReadOnlySpan<char> WithoutCode(ReadOnlySpan<char> name)
    {
        var code = name.EndsWith("]") ? name.IndexOf(" [") : -1;
        return code < 0 ? name : name[..code];
    }

    /// <summary>
    /// How much of the stack repeats what the client told as type and message. Read off first, because a message may hold lines
    /// that look like frames.
    /// </summary>
    public static int KnownLength(ReadOnlySpan<char> stack, string? type, string? message)
    {
        var start = stack.Length - stack.TrimStart().Length;
        var rest = stack[start..];
        if (!string.IsNullOrEmpty(type) && rest.StartsWith(type, StringComparison.Ordinal) && rest[type.Length..].StartsWith(": "))
        {
            start += type.Length + 2;
            rest = stack[start..];
        }

        if (string.IsNullOrEmpty(message) || !message.Contains('\n') || !rest.StartsWith(message, StringComparison.Ordinal))
            return 0;
        return start + message.Length;
    }

    private static bool IsTypeName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > LongestType || !(char.IsLetter(text[0]) || text[0] is '_' or '$'))
            return false;
        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '$' or '.'))
                return false;
        }

        return true;
    }
}

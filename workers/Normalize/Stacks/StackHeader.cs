namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <summary>"TypeError: x is not a function", the lines that V8 writes above the frames.</summary>
internal static class StackHeader
{
    private const int LongestType = 128;

    /// <summary>Type is null where the text does not begin with something that can be a class name.</summary>
    public static (string? Type, string? Message) Read(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.StartsWith("Uncaught "))
            text = text[9..].TrimStart();
        if (text.StartsWith("(in promise) "))
            text = text[13..].TrimStart();
        if (text.IsEmpty)
            return (null, null);
        var colon = text.IndexOf(':');
        var name = colon < 0 ? text : text[..colon];
        if (!IsTypeName(name) || (colon >= 0 && colon + 1 < text.Length && !char.IsWhiteSpace(text[colon + 1])))
            return (null, text.ToString());
        if (colon < 0)
            return name.EndsWith("Error") || name.EndsWith("Exception") ? (name.ToString(), "") : (null, text.ToString());
        return (name.ToString(), text[(colon + 1)..].Trim().ToString());
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

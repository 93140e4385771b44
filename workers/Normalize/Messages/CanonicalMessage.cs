namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>
/// One wording for a fault that engines word differently, so that one bug is one issue in every browser. Messages of other kinds come back
/// without what consoles put before them.
/// </summary>
internal static class CanonicalMessage
{
    private const int LongestRead = 1024;
    private const int LongestType = 40;

    public static string Of(string message)
    {
        var text = WithoutPrefix(message.AsSpan().Trim());
        var known = text.IsEmpty || text.Length > LongestRead ? null : NullAccess.Of(text) ?? MissingName.Of(text) ?? DomCall.Of(text) ?? SyntaxFault.Of(text) ?? FixedWording.Of(text);
        return known ?? (text.Length == message.Length ? message : text.ToString());
    }

    /// <summary>"Uncaught TypeError: x", "uncaught exception: x": what window.onerror is told.</summary>
    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> text)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["Uncaught ", "uncaught exception: ", "(in promise) ", "Unhandled promise rejection: ", "Unhandled Promise Rejection: "])
        {
            if (text.StartsWith(prefix))
                text = text[prefix.Length..];
        }

        // Opera before it became Chrome: "Statement on line 44: Type mismatch".
        if (text.StartsWith("Statement on line ") && text.IndexOf(": ") is > 0 and var statement)
            text = text[(statement + 2)..];
        var type = text[..Math.Min(text.Length, LongestType)].IndexOf("Error: ");
        return type >= 0 && text[..type].IndexOf(' ') < 0 ? text[(type + 7)..].TrimStart() : text;
    }
}

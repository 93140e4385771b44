namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>
/// Calls of the browser's own interfaces that it refused: V8's "Failed to execute 'appendChild' on 'Node': ...", SpiderMonkey's
/// "Node.appendChild: ..." and JavaScriptCore's "Argument 1 ('child') to Node.appendChild must be ...".
/// </summary>
internal static class DomCall
{
    public static string? Of(ReadOnlySpan<char> text) => Selector(text) ?? TooFew(text) ?? WrongType(text);

    private static string? Selector(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(" is not a valid selector");
        if (end < 0)
            return null;
        var before = text[..end];
        return $"{before[(before.LastIndexOf(": ") is >= 0 and var colon ? colon + 2 : 0)..]} is not a valid selector";
    }

    private static string? TooFew(ReadOnlySpan<char> text) =>
        text.Contains(" argument", StringComparison.Ordinal) && text.Contains(" required, but only ", StringComparison.Ordinal) ? "Not enough arguments" : null;

    private static string? WrongType(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("Failed to execute '") && text.IndexOf(": parameter ") is > 0 and var parameter && text.Contains(" is not ", StringComparison.Ordinal))
            return Wrong(Excerpt.Between(text, "execute '", "'"), text[(parameter + 12)..]);
        if (text.IndexOf(": Argument ") is > 0 and var argument && text[..argument].IndexOf(' ') < 0)
            return Wrong(Excerpt.LastName(text[..argument]), text[(argument + 11)..]);
        if (text.StartsWith("Argument ") && text.IndexOf(") to ") is > 0 and var to && text.Contains(" must be ", StringComparison.Ordinal))
            return Wrong(Excerpt.LastName(Excerpt.Between(text, ") to ", " must be ")), text[9..]);
        return null;
    }

    private static string Wrong(ReadOnlySpan<char> method, ReadOnlySpan<char> number) => $"{method}: argument {number[..1]} has the wrong type";
}

namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>Scripts that do not parse, where the engines name the same token or name: mostly HTML where a script was expected.</summary>
internal static class SyntaxFault
{
    public static string? Of(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("expected expression, got '") && text.EndsWith("'"))
            return Unexpected(text[25..]);
        if (text.StartsWith("Unexpected keyword '"))
            return Unexpected(text[19..]);
        if (text.StartsWith("Unexpected token ") && !text.Contains("JSON", StringComparison.Ordinal))
            return Unexpected(text[17..]);
        if (text.StartsWith("Identifier '") && text.Contains("' has already been declared", StringComparison.Ordinal))
            return Declared(Excerpt.Between(text, "'", "'"));
        if (text.StartsWith("redeclaration of "))
            return Declared(text[(text.LastIndexOf(' ') + 1)..]);
        return text.StartsWith("Can't create duplicate variable: '") || (text.StartsWith("Cannot declare a ") && text.Contains(" twice: '", StringComparison.Ordinal))
            ? Declared(Excerpt.Between(text, ": '", "'")) : null;
    }

    /// <summary>Old V8 did not quote the token; others go on after it.</summary>
    private static string Unexpected(ReadOnlySpan<char> token)
    {
        if (token.StartsWith("'"))
            token = token[1..(token[1..].IndexOf('\'') is >= 0 and var end ? end + 1 : token.Length)];
        return $"Unexpected token '{token}'";
    }

    private static string Declared(ReadOnlySpan<char> name) => $"Identifier '{name}' has already been declared";
}

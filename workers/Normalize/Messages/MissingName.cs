namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>What is not a function, not a constructor, not defined or not yet defined. Only the last name of an expression is the same in every engine.</summary>
internal static class MissingName
{
    public static string? Of(ReadOnlySpan<char> text) =>
        NotA(text, "function") ?? NotA(text, "constructor") ?? NoMethod(text) ?? NotDefined(text) ?? NotInitialized(text);

    /// <summary>"a.b is not a function", JSC's "undefined is not a function (evaluating 'a.b()')" and "... (In 'a.b()', 'a.b' is undefined)".</summary>
    private static string? NotA(ReadOnlySpan<char> text, string kind)
    {
        var end = text.IndexOf($" is not a {kind}");
        if (end <= 0 || text.StartsWith("Class extends ") || text.StartsWith("Promise resolver ") || text.Contains("(near '...", StringComparison.Ordinal))
            return null;
        var expression = text[..end];
        if (expression.StartsWith("'") && expression.EndsWith("'") && expression.Length > 2)
            expression = expression[1..^1];
        var evaluated = Excerpt.Between(text, "(evaluating '", "')");
        if (!evaluated.IsEmpty && expression is "undefined" or "null" or "Object" or "An object")
            expression = evaluated;
        var name = Excerpt.LastName(expression);
        return name.IsEmpty ? $"A value is not a {kind}" : $"{name.Trim('\'')} is not a {kind}";
    }

    /// <summary>IE and the first Edge in all languages, old Chrome.</summary>
    private static string? NoMethod(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("Object ") && text.Contains(" has no method '", StringComparison.Ordinal))
            return $"{Excerpt.Between(text, " has no method '", "'")} is not a function";
        var name = ChakraWords.IsNoMethod(text) ? ChakraWords.Name(text) : default;
        return name.IsEmpty ? null : $"{name} is not a function";
    }

    private static string? NotDefined(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("Can't find variable: "))
            return $"{text[21..].Trim()} is not defined";
        if (text.StartsWith("Undefined variable: "))
            return $"{text[20..].Trim()} is not defined";
        // Hermes.
        if (text.StartsWith("Property '") && text.EndsWith("' doesn't exist"))
            return $"{text[10..^15]} is not defined";
        var name = ChakraWords.Undefined(text);
        return name.IsEmpty ? null : $"{name} is not defined";
    }

    private static string? NotInitialized(ReadOnlySpan<char> text) =>
        (text.StartsWith("Cannot access '") || text.StartsWith("can't access lexical declaration ")) && text.Contains(" before initialization", StringComparison.Ordinal)
        || text.StartsWith("Cannot access uninitialized variable") || text.StartsWith("Use before declaration")
            ? "A variable is used before its initialization" : null;
}

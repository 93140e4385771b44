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
        if (end <= 0)
            return null;
        var expression = text[..end];
        var evaluated = Excerpt.Between(text, "(evaluating '", "')");
        if (!evaluated.IsEmpty && expression is "undefined" or "null" or "Object" or "An object")
            expression = evaluated;
        var name = Excerpt.LastName(expression);
        return name.IsEmpty ? $"A value is not a {kind}" : $"{name.Trim('\'')} is not a {kind}";
    }

    /// <summary>IE and old Chrome, with IE's most met languages.</summary>
    private static string? NoMethod(ReadOnlySpan<char> text)
    {
        var known = text.StartsWith("Object doesn't support property or method ")
            || (text.StartsWith("Object ") && text.Contains(" has no method '", StringComparison.Ordinal))
            || text.StartsWith("Objekt unterstützt die Eigenschaft oder Methode")
            || text.StartsWith("Das Objekt unterstützt die Eigenschaft oder Methode")
            || text.StartsWith("L’objet ne gère pas la propriété ou la méthode") || text.StartsWith("L'objet ne gère pas la propriété ou la méthode")
            || text.StartsWith("El objeto no acepta la propiedad o el método")
            || text.StartsWith("L'oggetto non supporta la proprietà o il metodo")
            || text.StartsWith("O objeto não oferece suporte à propriedade ou método");
        if (!known)
            return null;
        var name = text.EndsWith("'") ? text[..^1] : text[..Math.Max(text.LastIndexOf('\''), 0)];
        name = name[(name.LastIndexOf('\'') + 1)..];
        return name.IsEmpty ? null : $"{name} is not a function";
    }

    private static string? NotDefined(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("Can't find variable: "))
            return $"{text[21..].Trim()} is not defined";
        if (!text.StartsWith("'") || text[1..].IndexOf('\'') is not (> 0 and var end))
            return null;
        return text[(end + 2)..] is " is undefined" or " ist undefiniert" or " ist nicht definiert" or " est indéfini" or " n'est pas défini" or " no está definido" or " non è definito" or " não está definido"
            ? $"{text[1..(end + 1)]} is not defined" : null;
    }

    private static string? NotInitialized(ReadOnlySpan<char> text) =>
        (text.StartsWith("Cannot access '") || text.StartsWith("can't access lexical declaration ")) && text.Contains(" before initialization", StringComparison.Ordinal)
        || text.StartsWith("Cannot access uninitialized variable")
            ? "A variable is used before its initialization" : null;
}

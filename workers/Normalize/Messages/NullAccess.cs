namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>
/// Reading or setting a property of null or undefined. Not every engine tells which of the two was tried, so reading and setting are one;
/// the name of the property is kept where it is told.
/// </summary>
internal static class NullAccess
{
    public static string? Of(ReadOnlySpan<char> text) => V8(text) ?? Gecko(text) ?? Jsc(text) ?? Ie(text);

    /// <summary>"Cannot read properties of undefined (reading 'x')"; "Cannot read property 'x' of null" before Chrome 92.</summary>
    private static string? V8(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("Cannot read ") && !text.StartsWith("Cannot set "))
            return null;
        var of = text.IndexOf(" of ");
        var value = of < 0 ? null : NullWord(text[(of + 4)..]);
        if (value is null)
            return null;
        var name = Excerpt.Between(text, "(reading '", "')");
        if (name.IsEmpty)
            name = Excerpt.Between(text, "(setting '", "')");
        return Access(value, name.IsEmpty ? Excerpt.Between(text, "property '", "' of") : name);
    }

    /// <summary>"x.y is undefined"; since Firefox 82 'can't access property "y", x is undefined'.</summary>
    private static string? Gecko(ReadOnlySpan<char> text)
    {
        var value = text.EndsWith(" is undefined") ? "undefined" : text.EndsWith(" is null") ? "null" : null;
        if (value is null || text[0] == '\'')
            return null;
        if (text.StartsWith("can't access property "))
            return Access(value, Excerpt.Between(text, "property ", ",").Trim("\"'"));
        var expression = text[..^(value.Length + 4)];
        return expression.IndexOf(' ') < 0 ? Access(value, default) : null;
    }

    /// <summary>"undefined is not an object (evaluating 'a.b.c')".</summary>
    private static string? Jsc(ReadOnlySpan<char> text)
    {
        text = text.TrimStart('\'');
        var value = NullWord(text);
        if (value is null || !text[value.Length..].TrimStart('\'').StartsWith(" is not an object"))
            return null;
        var expression = Excerpt.Between(text, "(evaluating '", "')");
        if (expression.IndexOf(" = ") is > 0 and var assignment)
            expression = expression[..assignment];
        return Access(value, expression.IndexOfAny('.', '[') < 0 ? default : Excerpt.LastName(expression));
    }

    /// <summary>"Unable to get property 'x' of undefined or null reference", in the languages of IE and old Edge that are met most.</summary>
    private static string? Ie(ReadOnlySpan<char> text)
    {
        var known = ((text.StartsWith("Unable to get ") || text.StartsWith("Unable to set ")) && text.Contains("undefined or null reference", StringComparison.Ordinal))
            || text.Contains("eines undefinierten oder Nullverweises", StringComparison.Ordinal)
            || text.Contains("référence null ou non définie", StringComparison.Ordinal)
            || text.Contains("referencia nula o sin definir", StringComparison.Ordinal)
            || text.Contains("riferimento nullo o non definito", StringComparison.Ordinal)
            || text.Contains("referência indefinida ou nula", StringComparison.Ordinal);
        return known ? Access("undefined", Excerpt.Between(text, "'", "'")) : null;
    }

    private static string? NullWord(ReadOnlySpan<char> text) => text.StartsWith("undefined") ? "undefined" : text.StartsWith("null") ? "null" : null;

    private static string Access(string value, ReadOnlySpan<char> name) =>
        name.IsEmpty ? $"Cannot access a property of {value}" : $"Cannot access property '{name}' of {value}";
}

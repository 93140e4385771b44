namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>
/// Reading or setting a property of null or undefined. Not every engine tells which of the two was tried, so reading and setting are one;
/// the name of the property is kept where it is told.
/// </summary>
internal static class NullAccess
{
    public static string? Of(ReadOnlySpan<char> text) => V8(text) ?? Destructured(text) ?? Gecko(text) ?? Jsc(text) ?? Ie(text);

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

    /// <summary>V8's "Cannot destructure property 'a' of 'x' as it is undefined.": others do not tell the property, or not the value.</summary>
    private static string? Destructured(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("Right side of assignment cannot be destructured"))
            return Access("undefined", default);
        if (!text.StartsWith("Cannot destructure ") || text.IndexOf(" as it is ") is not (> 0 and var at))
            return null;
        return NullWord(text[(at + 10)..]) is { } value ? Access(value, default) : null;
    }

    /// <summary>"x.y is undefined"; since Firefox 82 'can't access property "y", x is undefined', 'can't access property "y" of null' for a literal.</summary>
    private static string? Gecko(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("can't access property "))
            return GeckoProperty(text[22..]);
        if (text.IndexOf(" is undefined, can't access property ") is > 0 and var undefined)
            return Access("undefined", Name(text[(undefined + 37)..]));
        if (text.IndexOf(" is null, can't access property ") is > 0 and var isNull)
            return Access("null", Name(text[(isNull + 32)..]));
        var value = text.EndsWith(" is undefined") ? "undefined" : text.EndsWith(" is null") ? "null" : null;
        if (value is null || text[0] == '\'')
            return null;
        var expression = text[..^(value.Length + 4)];
        return expression.IndexOf(' ') < 0 || expression is "(destructured parameter)" || expression.StartsWith("(intermediate value)") ? Access(value, default) : null;
    }

    private static string? GeckoProperty(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("Symbol.iterator"))
            return KnownWordings.NotIterable;
        var value = text.EndsWith(" undefined") ? "undefined" : text.EndsWith(" null") ? "null" : null;
        return value is null ? null : Access(value, Name(text));
    }

    /// <summary>A quoted name, or an index, at the beginning.</summary>
    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("\""))
            return text[1..].IndexOf('"') is >= 0 and var end ? text.Slice(1, end) : default;
        var length = text.IndexOfAny(", ");
        return length < 0 ? text : text[..length];
    }

    /// <summary>"undefined is not an object (evaluating 'a.b.c')".</summary>
    private static string? Jsc(ReadOnlySpan<char> text)
    {
        text = text.TrimStart('\'');
        var value = NullWord(text);
        if (value is null || !text[value.Length..].TrimStart('\'').StartsWith(" is not an object", StringComparison.OrdinalIgnoreCase))
            return null;
        var expression = Excerpt.Between(text, "(evaluating '", "')");
        if (expression.Contains(" in ", StringComparison.Ordinal) && expression.IndexOfAny("\"'") == 0)
            return "The right side of 'in' is not an object";
        if (expression.IndexOf(" = ") is > 0 and var assignment)
            expression = expression[..assignment];
        return Access(value, expression.IndexOfAny('.', '[') < 0 ? default : Excerpt.LastName(expression));
    }

    /// <summary>"Unable to get property 'x' of undefined or null reference".</summary>
    private static string? Ie(ReadOnlySpan<char> text)
    {
        if (text.EndsWith(" is null or not an object"))
            return Access("undefined", Excerpt.LastName(ChakraWords.Name(text)));
        return ChakraWords.IsNullReference(text) ? Access("undefined", ChakraWords.Name(text)) : null;
    }

    private static string? NullWord(ReadOnlySpan<char> text) => text.StartsWith("undefined") ? "undefined" : text.StartsWith("null") ? "null" : null;

    private static string Access(string value, ReadOnlySpan<char> name) =>
        name.IsEmpty ? $"Cannot access a property of {value}" : $"Cannot access property '{name}' of {value}";
}

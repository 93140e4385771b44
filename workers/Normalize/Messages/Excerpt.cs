namespace ErrorPipeline.Workers.Normalize.Messages;

internal static class Excerpt
{
    /// <summary>What stands between two markers; empty where one is missing.</summary>
    public static ReadOnlySpan<char> Between(ReadOnlySpan<char> text, string before, string after)
    {
        var start = text.IndexOf(before);
        if (start < 0)
            return default;
        text = text[(start + before.Length)..];
        var end = text.IndexOf(after);
        return end < 0 ? default : text[..end];
    }

    /// <summary>The last name of an expression: "a.b.c" is c, "a['b']" is b, "x(...).then()" is then. Empty where it has none.</summary>
    public static ReadOnlySpan<char> LastName(ReadOnlySpan<char> expression)
    {
        expression = expression.Trim();
        if (expression.StartsWith("new "))
            expression = expression[4..];
        // Bundlers call imports as "(0, module.name)".
        if (expression.StartsWith("(0") && expression.EndsWith(")") && expression.IndexOf(',') is > 0 and var comma && expression[2..comma].Trim().IsEmpty)
            expression = expression[(comma + 1)..^1].Trim();
        if (expression.EndsWith(")") && Opening(expression) is > 0 and var call)
            expression = expression[..call];
        if (expression.EndsWith("]") && expression.LastIndexOf('[') is >= 0 and var bracket)
        {
            var inside = expression[(bracket + 1)..^1];
            var literal = inside.Length > 0 && (inside[0] is '"' or '\'' || char.IsAsciiDigit(inside[0]));
            return literal ? inside.Trim("\"'") : default;
        }

        return expression[(expression.LastIndexOf('.') + 1)..].Trim('?');
    }

    private static int Opening(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] == ')')
                depth++;
            else if (text[i] == '(' && --depth == 0)
                return i;
        }

        return -1;
    }
}

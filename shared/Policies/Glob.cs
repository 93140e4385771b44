namespace ErrorPipeline.Shared.Policies;

/// <summary>
/// A text in which '*' stands for anything, also nothing; all else stands for itself, in any case. The whole of a text has to match.
/// The parts between stars are looked for from left to right and never again: the time is linear in the text, whatever the pattern.
/// </summary>
public sealed class Glob
{
    /// <summary>Longer patterns are refused.</summary>
    public const int Longest = 200;

    private readonly string[] _parts;

    public Glob(string pattern)
    {
        Pattern = pattern.Length <= Longest ? pattern : pattern[..Longest];
        _parts = Pattern.Split('*');
    }

    public string Pattern { get; }

    public bool Matches(ReadOnlySpan<char> text)
    {
        var first = _parts[0];
        if (_parts.Length == 1)
            return text.Equals(first, StringComparison.OrdinalIgnoreCase);
        if (!text.StartsWith(first, StringComparison.OrdinalIgnoreCase))
            return false;
        text = text[first.Length..];
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var found = text.IndexOf(part, StringComparison.OrdinalIgnoreCase);
            if (found < 0)
                return false;
            text = text[(found + part.Length)..];
        }

        return text.EndsWith(_parts[^1], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What is wrong with a pattern, in words; null where it can be used.</summary>
    public static string? Problem(string pattern) => pattern switch
    {
        "" => "it is empty",
        { Length: > Longest } => $"it is longer than {Longest} characters",
        _ when pattern.AsSpan().Trim('*').IsEmpty => "it matches everything",
        _ => null,
    };
}

namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>Faults whose details (position, address, chunk) do not tell one bug from another, or that some engine does not tell.</summary>
internal static class FixedWording
{
    private static readonly (string Part, string Canonical)[] Starts = [.. KnownWordings.Starts.SelectMany(Pairs)];
    private static readonly (string Part, string Canonical)[] Parts = [.. KnownWordings.Parts.SelectMany(Pairs)];

    public static string? Of(ReadOnlySpan<char> text)
    {
        foreach (var (start, canonical) in Starts)
        {
            if (text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return canonical;
        }

        foreach (var (part, canonical) in Parts)
        {
            if (text.Contains(part, StringComparison.Ordinal))
                return canonical;
        }

        if (text.StartsWith("precision ") && text.EndsWith(" out of range"))
            return KnownWordings.Digits;
        return text.EndsWith(" is read-only") ? KnownWordings.ReadOnly : null;
    }

    private static IEnumerable<(string Part, string Canonical)> Pairs(string[] row) => row.Skip(1).Select(part => (part, row[0]));
}

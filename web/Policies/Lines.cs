namespace ErrorPipeline.Web.Policies;

/// <summary>Texts of a form that hold one value a line.</summary>
internal static class Lines
{
    private const int Most = 50;

    public static IReadOnlyList<string> Of(string? text) =>
        [.. (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    public static string Join(IReadOnlyList<string>? lines) => string.Join('\n', lines ?? []);

    /// <param name="problem">What is wrong with one line, or null.</param>
    public static IEnumerable<string> Problems(string field, IReadOnlyList<string>? lines, Func<string, string?> problem)
    {
        if (lines?.Count > Most)
            return [$"{field}: at most {Most} lines."];
        return (lines ?? []).Select(line => (Line: line, What: problem(line))).Where(line => line.What is not null)
            .Select(line => $"{field}: '{(line.Line.Length > 60 ? line.Line[..60] + "…" : line.Line)}' cannot be used: {line.What}.");
    }
}

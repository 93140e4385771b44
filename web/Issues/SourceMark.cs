namespace ErrorPipeline.Web.Issues;

/// <summary>What of a line a column points at: a name, or the one sign that is there.</summary>
internal static class SourceMark
{
    /// <summary>Longer lines are stored from their beginning only where the column is within this.</summary>
    private const int SureOfBeginning = 160;
    private const int LongestKept = 200;

    /// <param name="line">As stored: a long one may have lost its beginning.</param>
    /// <param name="column">1-based.</param>
    public static (int From, int To)? Of(string line, int? column)
    {
        if (column is not { } told || told < 1 || told > line.Length || (line.Length >= LongestKept && told > SureOfBeginning))
            return null;
        var from = told - 1;
        if (char.IsLowSurrogate(line[from]) || char.IsWhiteSpace(line[from]))
            return null;
        var to = from + (char.IsHighSurrogate(line[from]) && from + 1 < line.Length ? 2 : 1);
        while (IsName(line[from]) && to < line.Length && IsName(line[to]))
            to++;
        return (from, to);
    }

    private static bool IsName(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '$';
}

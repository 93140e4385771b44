namespace ErrorPipeline.Web.Issues;

/// <summary>Text of anybody's as a field of RFC 4180. What a spreadsheet would take for a formula gets an apostrophe in front, which makes it text there.</summary>
internal static class CsvText
{
    public static string Field(string text) => '"' + (IsFormula(text) ? "'" : "") + text.Replace("\"", "\"\"", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal) + '"';

    /// <summary>Spreadsheets pass over what is invisible, and read full-width signs as the plain ones.</summary>
    private static bool IsFormula(string text)
    {
        foreach (var sign in text)
        {
            if (sign is '\t' or '\r' or '\n' || "=+-@\uFF1D\uFF0B\uFF0D\uFF20".Contains(sign, StringComparison.Ordinal))
                return true;
            if (!char.IsWhiteSpace(sign) && !char.IsControl(sign) && char.GetUnicodeCategory(sign) != System.Globalization.UnicodeCategory.Format)
                return false;
        }

        return false;
    }
}

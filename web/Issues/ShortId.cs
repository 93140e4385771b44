using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues;

/// <summary>
/// What people call an issue: "SHOP-3F", the project's short name and the issue's number in digits and letters. None of these looks like another:
/// whoever types an O or an L for a 0 or a 1 gets the same issue.
/// </summary>
internal static class ShortId
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int MostDigits = 13;

    public static string Of(string shortName, long issue)
    {
        Span<char> text = stackalloc char[MostDigits];
        var at = text.Length;
        var rest = (ulong)issue;
        do
        {
            text[--at] = Digits[(int)(rest % 32)];
            rest /= 32;
        }
        while (rest > 0);
        return $"{shortName}-{text[at..]}";
    }

    public static string PathOf(string shortName, long issue) => "/i/" + Of(shortName, issue);

    public static Project? ProjectOf(IReadOnlyList<Project> projects, string shortName) =>
        projects.FirstOrDefault(project => project.ShortName.Length > 0 && project.ShortName.Equals(shortName, StringComparison.OrdinalIgnoreCase));

    /// <summary>False for whatever is none.</summary>
    public static bool TryParse(string? text, out string shortName, out long issue)
    {
        (shortName, issue) = ("", 0);
        var dash = text?.LastIndexOf('-') ?? -1;
        if (text is null || dash <= 0 || text.Length - dash - 1 is 0 or > MostDigits)
            return false;
        ulong number = 0;
        foreach (var letter in text.AsSpan(dash + 1))
        {
            var digit = Digits.IndexOf(Meant(char.ToUpperInvariant(letter)), StringComparison.Ordinal);
            if (digit < 0 || number > long.MaxValue / 32)
                return false;
            number = (number * 32) + (ulong)digit;
        }

        (shortName, issue) = (text[..dash], (long)number);
        return number > 0;
    }

    private static char Meant(char letter) => letter switch { 'O' => '0', 'I' or 'L' => '1', 'U' => 'V', _ => letter };
}

using System.Globalization;
using System.Text;

namespace ErrorPipeline.Shared.Storage;

/// <summary>What a project is called in the ids of its issues, "SHOP" in SHOP-3F: made of its name when it is made, and kept for good, so that links stay.</summary>
internal static class ProjectShortName
{
    private const int Longest = 10;

    /// <summary>The first of these that no other project has.</summary>
    public static IEnumerable<string> Candidates(string projectName)
    {
        var plain = Plain(projectName);
        yield return plain;
        for (var n = 2; ; n++)
        {
            var number = n.ToString(CultureInfo.InvariantCulture);
            yield return plain[..Math.Min(plain.Length, Longest - number.Length)] + number;
        }
    }

    /// <summary>Its plain letters and digits: "Web shop" is WEBSHOP. Where there are none, as in other scripts, "P".</summary>
    private static string Plain(string name)
    {
        var plain = new StringBuilder(Longest);
        foreach (var character in name)
        {
            if (char.IsAsciiLetterOrDigit(character) && plain.Length < Longest)
                plain.Append(char.ToUpperInvariant(character));
        }

        return plain.Length == 0 ? "P" : plain.ToString();
    }
}

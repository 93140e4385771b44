using System.Globalization;
using System.Numerics;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// A version inside of a release's name: "1.2.3", "v1.2", "shop@1.2.3-rc.1+5", "shop-4.18.2". Two to four numbers; a single number
/// may be anything. What stands before it must be equal for two to be compared.
/// </summary>
internal sealed record SemanticVersion(string Package, IReadOnlyList<BigInteger> Numbers, IReadOnlyList<string> Pre) : IComparable<SemanticVersion>
{
    private const int Longest = 200;

    public static SemanticVersion? Find(string release)
    {
        if (release.Length > Longest)
            return null;
        for (var i = 0; i < release.Length; i++)
        {
            // Only where a word begins: "app2-1.2.3" is version 1.2.3.
            if (!char.IsAsciiDigit(release[i]) || (i > 0 && char.IsAsciiLetterOrDigit(release[i - 1]) && !IsMark(release, i - 1)))
                continue;
            if (Parse(release.AsSpan(i)) is { } found)
                return found with { Package = release[..(i > 0 && IsMark(release, i - 1) ? i - 1 : i)] };
        }

        return null;
    }

    /// <summary>Precedence as semver.org has it; a build's "+5" says nothing.</summary>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
            return 1;
        for (var i = 0; i < Math.Max(Numbers.Count, other.Numbers.Count); i++)
        {
            var byNumber = At(Numbers, i).CompareTo(At(other.Numbers, i));
            if (byNumber != 0)
                return byNumber;
        }

        if (Pre.Count == 0 || other.Pre.Count == 0)
            return other.Pre.Count.CompareTo(Pre.Count);
        for (var i = 0; i < Math.Min(Pre.Count, other.Pre.Count); i++)
        {
            var byPart = ComparePart(Pre[i], other.Pre[i]);
            if (byPart != 0)
                return byPart;
        }

        return Pre.Count.CompareTo(other.Pre.Count);
    }

    private static SemanticVersion? Parse(ReadOnlySpan<char> text)
    {
        if (text.IndexOf('+') is >= 0 and var build)
            text = text[..build];
        var pre = ReadOnlySpan<char>.Empty;
        if (text.IndexOf('-') is >= 0 and var dash)
        {
            pre = text[(dash + 1)..];
            text = text[..dash];
        }

        var numbers = text.ToString().Split('.');
        if (numbers.Length is < 2 or > 4 || numbers.Any(n => n.Length is 0 or > 20 || n.Any(c => !char.IsAsciiDigit(c))))
            return null;
        return new("", [.. numbers.Select(Number)], pre.IsEmpty ? [] : pre.ToString().Split('.'));
    }

    private static bool IsMark(string release, int at) => release[at] is 'v' or 'V' && (at == 0 || !char.IsAsciiLetterOrDigit(release[at - 1]));

    private static BigInteger At(IReadOnlyList<BigInteger> numbers, int index) => index < numbers.Count ? numbers[index] : 0;

    private static int ComparePart(string a, string b)
    {
        var (isA, isB) = (IsNumber(a), IsNumber(b));
        return isA && isB ? Number(a).CompareTo(Number(b)) : isA != isB ? (isA ? -1 : 1) : string.CompareOrdinal(a, b);
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static BigInteger Number(string digits) => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}

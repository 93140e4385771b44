namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>Card numbers (known prefix, right length, Luhn's sum) and US social security numbers, alone between other characters.</summary>
internal static class NumberScrub
{
    private const int LongestCard = 19;

    public static string Run(string text)
    {
        var rewriter = new Rewriter(text);
        Span<char> digits = stackalloc char[LongestCard + 1];
        var i = 0;
        while (i < text.Length && text.AsSpan(i).IndexOfAnyInRange('0', '9') is >= 0 and var found)
        {
            i += found;
            var end = ReadGroups(text, i, digits, out var count, out var separators);
            var alone = (i == 0 || !IsPartOfWord(text[i - 1])) && !ContinuesWord(text, end);
            if (alone && IsCard(digits[..Math.Min(count, digits.Length)], separators))
                rewriter.Replace(i, end, Scrub.Card);
            else if (alone && count == 9 && separators == 2 && end - i == 11 && text[i + 3] == '-' && text[i + 6] == '-')
                rewriter.Replace(i, end, Scrub.Filtered);
            i = end;
        }

        return rewriter.Result();
    }

    /// <summary>Digits in groups that one space or dash separates. Returns where they end.</summary>
    private static int ReadGroups(string text, int from, Span<char> digits, out int count, out int separators)
    {
        count = separators = 0;
        var end = from;
        for (var i = from; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                if (count < digits.Length)
                    digits[count] = text[i];
                count++;
                end = i + 1;
            }
            else if (text[i] is ' ' or '-' && i == end)
                separators++;
            else
                break;
        }

        separators -= end < text.Length && text[end] is ' ' or '-' ? 1 : 0;
        return end;
    }

    /// <summary>A full stop ends a sentence, but before a digit it belongs to a number.</summary>
    private static bool ContinuesWord(string text, int end) =>
        end < text.Length && (text[end] == '.' ? end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]) : IsPartOfWord(text[end]));

    private static bool IsPartOfWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '.';

    private static bool IsCard(ReadOnlySpan<char> digits, int separators)
    {
        if (separators > 4 || !HasKnownStart(digits))
            return false;
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return sum % 10 == 0;
    }

    private static bool HasKnownStart(ReadOnlySpan<char> digits)
    {
        if (digits.Length is < 13 or > LongestCard)
            return false;
        var two = ((digits[0] - '0') * 10) + digits[1] - '0';
        return (two, digits.Length) switch
        {
            ( >= 40 and <= 49, 13 or 16 or 19) => true,
            ( >= 51 and <= 55 or >= 22 and <= 27, 16) => true,
            (34 or 37, 15) => true,
            (30 or 36 or 38 or 39, 14 or 16) => true,
            (35 or 60 or 62 or 64 or 65, >= 16) => true,
            _ => false,
        };
    }
}

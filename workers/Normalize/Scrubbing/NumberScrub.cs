namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>Card numbers (known prefix, right length, Luhn's sum) and US social security numbers, alone between other characters.</summary>
internal static class NumberScrub
{
    private const int LongestCard = 19;
    private const int MostGroups = 5;

    /// <summary>As cards are printed; a uuid of digits is no card.</summary>
    private const int LongestGroup = 6;

    public static string Run(string text)
    {
        var rewriter = new Rewriter(text);
        Span<char> digits = stackalloc char[LongestCard];
        Span<(int End, int Digits)> groups = stackalloc (int, int)[MostGroups];
        var i = 0;
        while (i < text.Length && text.AsSpan(i).IndexOfAnyInRange('0', '9') is >= 0 and var found)
        {
            i += found;
            var count = ReadGroups(text, i, digits, groups);
            var alone = i == 0 || !IsPartOfWord(text[i - 1]);
            if (alone && CardEnd(text, i, digits, groups[..count]) is { } end)
                rewriter.Replace(i, end, Scrub.Card);
            else if (alone && IsSocialSecurity(text, i, groups[..count]))
                rewriter.Replace(i, end = groups[2].End, Scrub.Filtered);
            else
                end = groups[0].End;
            i = end;
        }

        return rewriter.Result();
    }

    /// <summary>Digits in groups that one space or dash separates: how many groups there are, as far as a card could have them.</summary>
    private static int ReadGroups(string text, int from, Span<char> digits, Span<(int End, int Digits)> groups)
    {
        var (count, read) = (0, 0);
        for (var i = from; count < groups.Length && i < text.Length && char.IsAsciiDigit(text[i]); i++)
        {
            for (; i < text.Length && char.IsAsciiDigit(text[i]); i++)
            {
                if (read < digits.Length)
                    digits[read] = text[i];
                read++;
            }

            groups[count++] = (i, read);
            if (i == text.Length || text[i] is not (' ' or '-'))
                break;
        }

        return count;
    }

    /// <summary>Other numbers may follow a card's: "4111111111111111 502".</summary>
    private static int? CardEnd(string text, int from, ReadOnlySpan<char> digits, ReadOnlySpan<(int End, int Digits)> groups)
    {
        for (var last = groups.Length - 1; last >= 0; last--)
        {
            var (end, count) = groups[last];
            var isPrinted = last == 0 || !HasLongGroup(groups[..(last + 1)]) || (!IsSeparator(text, from - 1) && !IsSeparator(text, end));
            if (isPrinted && count <= digits.Length && !ContinuesWord(text, end) && IsCard(digits[..count]))
                return end;
        }

        return null;
    }

    private static bool HasLongGroup(ReadOnlySpan<(int End, int Digits)> groups)
    {
        var before = 0;
        foreach (var (_, digits) in groups)
        {
            if (digits - before > LongestGroup)
                return true;
            before = digits;
        }

        return false;
    }

    /// <summary>One between two groups of digits.</summary>
    private static bool IsSeparator(string text, int at) =>
        at > 0 && at + 1 < text.Length && text[at] is ' ' or '-' && char.IsAsciiDigit(text[at - 1]) && char.IsAsciiDigit(text[at + 1]);

    private static bool IsSocialSecurity(string text, int from, ReadOnlySpan<(int End, int Digits)> groups) =>
        groups is [{ Digits: 3 }, { Digits: 5 }, { Digits: 9 }] && text[groups[0].End] == '-' && text[groups[1].End] == '-'
        && (from == 0 || text[from - 1] != '-') && !ContinuesWord(text, groups[2].End);

    /// <summary>A full stop ends a sentence, but before a digit it belongs to a number.</summary>
    private static bool ContinuesWord(string text, int end) =>
        end < text.Length && (text[end] == '.' ? end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]) : IsPartOfWord(text[end]));

    private static bool IsPartOfWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '.';

    private static bool IsCard(ReadOnlySpan<char> digits)
    {
        if (!HasKnownStart(digits))
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

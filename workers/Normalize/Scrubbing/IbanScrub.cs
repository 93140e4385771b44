namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>International bank account numbers, in one piece or in groups, whose check digits are right.</summary>
internal static class IbanScrub
{
    private const int Shortest = 15;
    private const int Longest = 34;
    private const int FewestDigits = 8;

    public static string Run(string text)
    {
        var rewriter = new Rewriter(text);
        for (var i = 0; i + Shortest <= text.Length; i++)
        {
            i += text.AsSpan(i).IndexOfAnyInRange('A', 'Z') is >= 0 and var letter ? letter : text.Length;
            if (i + Shortest > text.Length)
                break;
            if (!char.IsAsciiLetterUpper(text[i + 1]) || !char.IsAsciiDigit(text[i + 2]) || !char.IsAsciiDigit(text[i + 3]) || (i > 0 && char.IsLetterOrDigit(text[i - 1])))
                continue;
            if (End(text, i) is not { } end)
                continue;
            rewriter.Replace(i, end, Scrub.Iban);
            i = end - 1;
        }

        return rewriter.Result();
    }

    /// <summary>Where the longest valid number that begins here ends; a bounded look ahead.</summary>
    private static int? End(string text, int start)
    {
        // The first four characters count last: two letters are four digits, and two digits.
        var head = ((((text[start] - 'A' + 10) * 100) + text[start + 1] - 'A' + 10) * 100) + ((text[start + 2] - '0') * 10) + text[start + 3] - '0';
        int rest = 0, count = 4, digits = 2;
        int? end = null;
        for (var i = start + 4; i < text.Length && count < Longest; i++)
        {
            var c = text[i];
            if (c is ' ' or '-' && text[i - 1] is not (' ' or '-'))
                continue;
            if (char.IsAsciiDigit(c))
                (rest, digits) = (((rest * 10) + c - '0') % 97, digits + 1);
            else if (char.IsAsciiLetterUpper(c))
                rest = ((rest * 100) + c - 'A' + 10) % 97;
            else
                break;
            count++;
            var endsWord = i + 1 == text.Length || !char.IsLetterOrDigit(text[i + 1]);
            if (endsWord && count >= Shortest && digits >= FewestDigits && ((rest * 1_000_000L) + head) % 97 == 1)
                end = i + 1;
        }

        return end;
    }
}

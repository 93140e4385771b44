namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>What JavaScript makes of a Date in a text: "Sun Nov 22 2026 05:40:00 GMT+0100 (CET)", "Sun, 22 Nov 2026 04:40:00 GMT".</summary>
internal static class SpokenDate
{
    private static readonly string[] Days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>0 where the text does not begin with one.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        if (!StartsWithOne(text, Days))
            return 0;
        var end = text.Length > 3 && text[3] == ',' ? 5 : 4;
        if (text.Length < end + 11 || text[end - 1] != ' ')
            return 0;
        var day = StartsWithOne(text[end..], Months) ? end + 4 : end;
        var month = day == end ? end + 3 : end;
        if (!IsNumber(text.Slice(day, 2)) || !StartsWithOne(text[month..], Months) || !IsNumber(text.Slice(end + 7, 4)))
            return 0;
        end += 11;
        if (text.Length < end + 9 || text[end] != ' ' || !IsNumber(text.Slice(end + 1, 2)) || text[end + 3] != ':')
            return end;
        end += 9;
        if (!text[end..].StartsWith(" GMT"))
            return end;
        end += 4;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '+' or '-'))
            end++;
        // The zone's name is in the visitor's language.
        return text[end..].StartsWith(" (") && text[end..].IndexOf(')') is > 0 and var zone and < 60 ? end + zone + 1 : end;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool StartsWithOne(ReadOnlySpan<char> text, string[] words)
    {
        foreach (var word in words)
        {
            if (text.StartsWith(word, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}

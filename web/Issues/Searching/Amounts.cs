using System.Globalization;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues.Searching;

/// <summary>Numbers and times as the language compares them: ">100", "&gt;=100", "10..100", "&lt;7d".</summary>
internal static class Amounts
{
    private const long Minute = 60_000;

    /// <summary>Null where it is none.</summary>
    public static Between? Number(string text)
    {
        if (text.Split("..") is [var least, var most] && Whole(least) is { } from && Whole(most) is { } to)
            return new(from, to);
        var (sign, rest) = Cut(text);
        return Whole(rest) is not { } number ? null : sign switch
        {
            ">" => new(number + 1),
            ">=" => new(number),
            "<" => new(null, number - 1),
            "<=" => new(null, number),
            _ => new(number, number),
        };
    }

    /// <summary>When something happened that is so long ago, ms since 1970 UTC. "7d" is at most so long ago. Null where it is none.</summary>
    public static Between? Ago(string text, DateTimeOffset now)
    {
        var (sign, rest) = Cut(text);
        if (rest.Length < 2 || Whole(rest[..^1]) is not { } number || UnitOf(rest[^1]) is not { } unit || number > 100_000)
            return null;
        var then = now.ToUnixTimeMilliseconds() - (number * unit);
        return sign is ">" or ">=" ? new(null, then) : new(then);
    }

    /// <summary>What is in both.</summary>
    public static Between Both(Between? one, Between other) => new(
        one?.From is { } a && other.From is { } b ? Math.Max(a, b) : one?.From ?? other.From,
        one?.To is { } c && other.To is { } d ? Math.Min(c, d) : one?.To ?? other.To);

    private static (string Sign, string Amount) Cut(string text)
    {
        var length = text.Length > 1 && text[0] is '<' or '>' && text[1] == '=' ? 2 : text.Length > 0 && text[0] is '<' or '>' or '=' ? 1 : 0;
        return (text[..length], text[length..]);
    }

    private static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue / 2 ? number : null;

    private static long? UnitOf(char unit) => unit switch
    {
        'm' => Minute,
        'h' => 60 * Minute,
        'd' => 24 * 60 * Minute,
        'w' => 7 * 24 * 60 * Minute,
        'y' => 365 * 24 * 60 * Minute,
        _ => null,
    };
}

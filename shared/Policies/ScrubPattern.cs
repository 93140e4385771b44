using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ErrorPipeline.Shared.Policies;

/// <summary>
/// A project's own pattern of what is secret: a regular expression without look-around and back references, run by the engine that
/// never backtracks, so that its time is linear in the text. Its size is bounded too: an automaton of a huge count would fill the memory.
/// </summary>
public sealed class ScrubPattern
{
    public const int Longest = 200;
    private const int MostRepeats = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly Regex _regex;

    private ScrubPattern(Regex regex) => _regex = regex;

    /// <summary>False with what is wrong, in words.</summary>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out ScrubPattern? parsed, [NotNullWhen(false)] out string? problem)
    {
        parsed = null;
        problem = Refusal(pattern);
        if (problem is not null)
            return false;
        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);
            if (regex.IsMatch(""))
            {
                problem = "it matches an empty text, so it would match everywhere";
                return false;
            }

            parsed = new(regex);
            return true;
        }
        catch (NotSupportedException)
        {
            problem = "look-ahead, look-behind, back references and atomic groups are not allowed: they have no bound on their time";
        }
        catch (ArgumentException e)
        {
            problem = e.Message;
        }

        return false;
    }

    /// <summary>Every match replaced. A text that takes too long is replaced whole: what cannot be searched is not kept.</summary>
    public string Replace(string text, string by)
    {
        try
        {
            return _regex.Replace(text, by);
        }
        catch (RegexMatchTimeoutException)
        {
            return by;
        }
    }

    private static string? Refusal(string pattern)
    {
        if (pattern.Length is 0 or > Longest)
            return $"a pattern has 1 to {Longest} characters";
        long all = 1;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
                i++;
            else if (pattern[i] == '{')
                all *= Math.Max(1, LargestCount(pattern.AsSpan(i + 1)));
            if (all > MostRepeats)
                return $"its counts in braces multiply to more than {MostRepeats}";
        }

        return null;
    }

    private static long LargestCount(ReadOnlySpan<char> counts)
    {
        var end = counts.IndexOf('}');
        long largest = 1;
        foreach (var range in (end < 0 ? default : counts[..end]).Split(','))
        {
            if (long.TryParse(counts[range], out var count))
                largest = Math.Max(largest, count);
        }

        return largest;
    }
}

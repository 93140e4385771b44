using System.Text;

namespace ErrorPipeline.Workers.Tests.Normalize;

/// <summary>Makes texts that a pattern of uap-core is likely to match: takes a random branch, a few repetitions, any character of a class.</summary>
internal sealed class PatternSampler(string pattern, Random random)
{
    private int _at;

    public string Sample()
    {
        _at = 0;
        return Alternation();
    }

    private char Next => _at < pattern.Length ? pattern[_at] : '\0';

    private string Alternation()
    {
        List<string> branches = [Sequence()];
        while (Next == '|')
        {
            _at++;
            branches.Add(Sequence());
        }

        return branches[random.Next(branches.Count)];
    }

    private string Sequence()
    {
        var text = new StringBuilder();
        while (Next is not ('\0' or '|' or ')'))
        {
            var start = _at;
            var item = Item();
            var (least, most) = Times();
            var after = _at;
            for (var left = random.Next(least, Math.Min(most, least + 2) + 1); left > 0; left--)
            {
                text.Append(item);
                _at = start;
                item = Item();
            }

            _at = after;
        }

        return text.ToString();
    }

    private string Item()
    {
        var c = pattern[_at++];
        switch (c)
        {
            case '(':
                var isLook = Next == '?' && !pattern.AsSpan(_at).StartsWith("?:");
                _at += Next != '?' ? 0 : pattern.AsSpan(_at).StartsWith("?<") ? 3 : 2;
                var inner = Alternation();
                _at++;
                return isLook ? "" : inner;
            case '[':
                return Class();
            case '\\':
                return pattern[_at++] switch { 'd' => $"{random.Next(10)}", 'w' => "x", 's' => " ", 'b' => "", 'S' => "z", var other => $"{other}" };
            case '.':
                return "-";
            default:
                return c is '^' or '$' ? "" : random.Next(8) == 0 ? $"{char.ToUpperInvariant(c)}" : $"{c}";
        }
    }

    private string Class()
    {
        var isNot = Next == '^';
        _at += isNot ? 1 : 0;
        var first = Next;
        var end = _at;
        while (pattern[end] != ']')
            end += pattern[end] == '\\' ? 2 : 1;
        _at = end + 1;
        return isNot ? "~" : first == '\\' ? "1" : $"{first}";
    }

    private (int Least, int Most) Times()
    {
        var times = (1, 1);
        if (Next == '{')
        {
            var end = pattern.IndexOf('}', _at);
            var parts = pattern[(_at + 1)..end].Split(',');
            var least = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
            times = (least, parts.Length == 1 ? least : parts[1].Length == 0 ? least + 2 : int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
            _at = end + 1;
        }
        else if (Next is '?' or '*' or '+')
        {
            times = Next switch { '?' => (0, 1), '*' => (0, 2), _ => (1, 3) };
            _at++;
        }
        else
        {
            return times;
        }

        _at += Next == '?' ? 1 : 0;
        return times;
    }
}

namespace ErrorPipeline.Workers.Normalize.Agents;

/// <summary>
/// Reads the syntax of regular expressions that uap-core uses, for what every match must hold. The idea is the prefilter of RE2's FilteredRE2:
/// texts in a row are multiplied out while they are few, and an alternation must hold one text of one of its branches.
/// </summary>
internal sealed class PatternReader(string pattern)
{
    private const int MostTexts = 32;
    private static readonly IReadOnlyList<string> Nothing = [""];

    private int _at;

    /// <summary>Groups of texts: of each group at least one must occur. Empty where nothing is known.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Read()
    {
        try
        {
            var part = Alternation();
            return _at == pattern.Length ? part.Groups : [];
        }
        catch (NotSupportedException)
        {
            return [];
        }
    }

    private char Next => _at < pattern.Length ? pattern[_at] : '\0';

    private Part Alternation()
    {
        List<Part> branches = [Sequence()];
        while (Next == '|')
        {
            _at++;
            branches.Add(Sequence());
        }

        if (branches.Count == 1)
            return branches[0];
        if (branches.TrueForAll(b => b.Exact is not null) && branches.Sum(b => b.Exact!.Count) <= MostTexts)
            return new([.. branches.SelectMany(b => b.Exact!)], []);
        var best = branches.ConvertAll(b => b.Groups.MaxBy(texts => texts.Min(text => text.Length)));
        return new(null, best.TrueForAll(b => b is not null) ? [[.. best.SelectMany(b => b!)]] : []);
    }

    private Part Sequence()
    {
        var row = Nothing;
        var isExact = true;
        List<IReadOnlyList<string>> groups = [];
        while (Next is not ('\0' or '|' or ')'))
        {
            var part = Repeated(Item());
            if (part.Exact is { } texts && texts.Count * row.Count <= MostTexts)
            {
                row = [.. row.SelectMany(_ => texts, string.Concat)];
                continue;
            }

            isExact = false;
            groups.AddRange(new Part(row, []).Groups);
            groups.AddRange(part.Exact is null ? part.Groups : []);
            row = part.Exact ?? Nothing;
        }

        groups.AddRange(new Part(row, []).Groups);
        return new(isExact ? row : null, isExact ? [] : groups);
    }

    private Part Item()
    {
        var c = pattern[_at++];
        return c switch
        {
            '(' => Group(),
            '[' => Set(),
            '\\' => Escaped(),
            '.' => Part.Anything,
            '^' or '$' => new(Nothing, []),
            '?' or '*' or '+' => throw new NotSupportedException(),
            _ => new([$"{c}"], []),
        };
    }

    private Part Group()
    {
        var isLook = false;
        if (Next == '?')
        {
            var kind = new[] { "?:", "?!", "?=", "?<!", "?<=" }.FirstOrDefault(k => pattern.AsSpan(_at).StartsWith(k)) ?? throw new NotSupportedException();
            isLook = kind != "?:";
            _at += kind.Length;
        }

        var inner = Alternation();
        if (Next != ')')
            throw new NotSupportedException();
        _at++;
        return isLook ? new(Nothing, []) : inner;
    }

    private Part Set()
    {
        var end = _at + 1;
        while (end < pattern.Length && pattern[end] != ']')
            end += pattern[end] == '\\' ? 2 : 1;
        if (end >= pattern.Length)
            throw new NotSupportedException();
        var set = pattern[_at..end];
        _at = end + 1;
        return set.Length <= 3 && set.All(char.IsAsciiLetterOrDigit) ? new([.. set.Select(c => $"{c}")], []) : Part.Anything;
    }

    private Part Escaped()
    {
        var c = _at < pattern.Length ? pattern[_at++] : '\0';
        return c switch
        {
            'd' or 'D' or 'w' or 'W' or 's' or 'S' => Part.Anything,
            'b' or 'B' => new(Nothing, []),
            _ when char.IsAsciiLetterOrDigit(c) || c == '\0' => throw new NotSupportedException(),
            _ => new([$"{c}"], []),
        };
    }

    private Part Repeated(Part part)
    {
        if (Least() is not { } least)
            return part;
        if (Next is '?' or '+')
            _at++;
        if (least.Count > 0)
            return new(null, part.Groups);
        return least.IsOptional && part.Exact is { } texts ? new([.. texts, ""], []) : Part.Anything;
    }

    /// <summary>How often at least, by the quantifier that stands here; null where none does.</summary>
    private (int Count, bool IsOptional)? Least()
    {
        switch (Next)
        {
            case '?':
                _at++;
                return (0, true);
            case '*':
                _at++;
                return (0, false);
            case '+':
                _at++;
                return (1, false);
            case '{' when pattern.IndexOf('}', _at) is var end and > 0:
                var count = pattern.AsSpan(_at + 1, end - _at - 1);
                var comma = count.IndexOf(',');
                if (!int.TryParse(comma < 0 ? count : count[..comma], out var least))
                    throw new NotSupportedException();
                _at = end + 1;
                return (least, false);
            default:
                return null;
        }
    }

    /// <param name="Exact">All that it can be, where that is few texts.</param>
    private sealed record Part(IReadOnlyList<string>? Exact, IReadOnlyList<IReadOnlyList<string>> Groups)
    {
        public static readonly Part Anything = new(null, []);

        public IReadOnlyList<IReadOnlyList<string>> Groups { get; } = Exact is null ? Groups : Exact.All(text => text.Length > 0) ? [Exact] : [];
    }
}

using System.Text;

namespace ErrorPipeline.Shared.Policies;

/// <summary>A line of rules, taken word by word. A word ends at a space or comma, unless it is quoted or a value in double braces.</summary>
internal sealed class RuleWords(string line)
{
    private int _at;

    public bool IsAtEnd => Skip() == line.Length;

    public string Rest => line[Skip()..] is var rest && rest.Length > 40 ? rest[..40] : rest;

    public bool TakeArrow()
    {
        if (!line.AsSpan(Skip()).StartsWith("->"))
            return false;
        _at += 2;
        return true;
    }

    public bool TakeComma() => Take(',');

    public bool Take(char wanted)
    {
        if (Skip() == line.Length || line[_at] != wanted)
            return false;
        _at++;
        return true;
    }

    /// <summary>The name before a sign, which is taken too; null where no name stands here.</summary>
    public string? UpTo(char sign)
    {
        var start = Skip();
        var end = start;
        while (end < line.Length && (char.IsLetterOrDigit(line[end]) || line[end] is '.' or '_' or '-'))
            end++;
        if (end == start || end == line.Length || line[end] != sign)
            return null;
        _at = end + 1;
        return line[start..end];
    }

    /// <summary>Null at the end and before a comma.</summary>
    public string? Word()
    {
        if (Skip() == line.Length || line[_at] == ',')
            return null;
        return line[_at] == '"' ? Quoted() : Bare();
    }

    private string Bare()
    {
        var start = _at;
        var inValue = false;
        while (_at < line.Length && (inValue || (!char.IsWhiteSpace(line[_at]) && line[_at] != ',')))
        {
            inValue = inValue ? !line.AsSpan(_at).StartsWith("}}") : line.AsSpan(_at).StartsWith("{{");
            _at++;
        }

        return line[start.._at];
    }

    private string Quoted()
    {
        var word = new StringBuilder();
        for (_at++; _at < line.Length && line[_at] != '"'; _at++)
        {
            if (line[_at] == '\\' && _at + 1 < line.Length)
                _at++;
            word.Append(line[_at]);
        }

        if (_at == line.Length)
            throw new FormatException("a quote is not closed");
        _at++;
        return word.ToString();
    }

    private int Skip()
    {
        while (_at < line.Length && char.IsWhiteSpace(line[_at]))
            _at++;
        return _at;
    }
}

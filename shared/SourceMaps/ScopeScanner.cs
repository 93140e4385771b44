namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// Finds the function around a place of a JavaScript or TypeScript source by reading it once, up to that place, and keeping
/// the open brackets. It is no parser: strings and regular expressions end with their line at the latest, so that text of JSX
/// does not lead it astray, and where brackets do not fit it gives up rather than guess. Types with braces behind a parameter list
/// and text of JSX with single brackets are the known ways to mislead it.
/// </summary>
internal ref struct ScopeScanner
{
    /// <summary>Longer sources are not read: they are bundles themselves, and a frame must not cost milliseconds.</summary>
    private const int LongestText = 2_000_000;

    private readonly ReadOnlySpan<char> _text;
    private readonly ScopeStack _open = new();
    private readonly TokenTrail _trail = new();
    private int _at;

    private ScopeScanner(ReadOnlySpan<char> text) => _text = text;

    /// <summary>False where it gave up. The name is null for an anonymous function and outside of all functions.</summary>
    public static bool TryFind(string text, int line, int column, out string? name)
    {
        name = null;
        var end = Offset(text, line, column);
        if (end < 0 || text.Length > LongestText)
            return false;
        var scanner = new ScopeScanner(text.AsSpan(0, end));
        if (!scanner.Run())
            return false;
        name = scanner._open.Function();
        return true;
    }

    private static int Offset(string text, int line, int column)
    {
        var at = 0;
        for (; line > 0; line--)
        {
            var end = text.AsSpan(at).IndexOfAny('\n', '\r');
            if (end < 0)
                return -1;
            at += end + (text.AsSpan(at + end).StartsWith("\r\n") ? 2 : 1);
        }

        return Math.Min(text.Length, at + Math.Max(0, column));
    }

    private bool Run()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c is '\n' or '\r')
                _trail.NewLine();
            if (char.IsWhiteSpace(c))
                _at++;
            else if (TokenTrail.IsWord(c))
                Word();
            else if (c is '"' or '\'')
                Quoted(c);
            else if (c == '`')
                Template(1);
            else if (c == '/')
                Slash();
            else if (!Punctuator(c))
                return false;
        }

        return true;
    }

    private void Word()
    {
        var length = 1;
        while (_at + length < _text.Length && TokenTrail.IsWord(_text[_at + length]))
            length++;
        if (_trail.AtLineStart && TokenTrail.BeginsStatement(_text.Slice(_at, length)))
            _open.EndArrows();
        _trail.Word(_text.Slice(_at, length));
        _at += length;
    }

    /// <summary>A quote without its partner on the line is text of JSX or a comment's apostrophe: a character of no meaning.</summary>
    private void Quoted(char quote)
    {
        for (var end = _at + 1; end < _text.Length && _text[end] is not ('\n' or '\r'); end++)
        {
            if (_text[end] == '\\')
                end++;
            else if (_text[end] == quote)
            {
                _at = end + 1;
                _trail.Value();
                return;
            }
        }

        _at++;
    }

    /// <summary>The text of a template up to its end or up to the next expression in it.</summary>
    private void Template(int skip)
    {
        for (_at += skip; _at < _text.Length; _at++)
        {
            if (_text[_at] == '\\')
            {
                _at++;
            }
            else if (_text[_at] == '`')
            {
                _at++;
                _trail.Value();
                return;
            }
            else if (_text[_at] == '$' && _at + 1 < _text.Length && _text[_at + 1] == '{')
            {
                _open.Push('{', ScopeKind.Template, null);
                _trail.Clear();
                _at += 2;
                return;
            }
        }
    }

    private void Slash()
    {
        var rest = _text[_at..];
        if (rest.StartsWith("//"))
            _at += rest.IndexOfAny('\n', '\r') is >= 0 and var line ? line : rest.Length;
        else if (rest.StartsWith("/*"))
            _at += rest[2..].IndexOf("*/") is >= 0 and var end ? end + 4 : rest.Length;
        else if (_trail.ValueBefore || _trail.Last == '<' || rest.StartsWith("/>"))
            Operator('/');
        else
            Expression();
    }

    private void Expression()
    {
        var inClass = false;
        for (var end = _at + 1; end < _text.Length && _text[end] is not ('\n' or '\r'); end++)
        {
            if (_text[end] == '\\')
                end++;
            else if (_text[end] is '[' or ']')
                inClass = _text[end] == '[';
            else if (_text[end] == '/' && !inClass)
            {
                _at = end + 1;
                _trail.Value();
                return;
            }
        }

        Operator('/');
    }

    private void Operator(char c)
    {
        _trail.Operator(c);
        _at++;
    }

    private bool Punctuator(char c)
    {
        switch (c)
        {
            case '(' or '[':
                _open.PushGroup(c, _trail.BeginGroup(c));
                _at++;
                return true;
            case '{':
                var (kind, name) = _trail.BeginBlock(_open.Class());
                _open.Push(c, kind, name);
                _at++;
                return true;
            case ')' or ']' or '}':
                return Close(c);
            case '=' when _at + 1 < _text.Length && _text[_at + 1] == '>':
                _at += 2;
                Arrow();
                return true;
            case ',' or ';':
                _open.EndArrows();
                Operator(c);
                return true;
            default:
                Operator(c);
                return true;
        }
    }

    private bool Close(char c)
    {
        if (!_open.Pop(c, out var kind, out var group))
            return false;
        if (kind == ScopeKind.Template)
        {
            Template(1);
            return true;
        }

        _trail.EndGroup(c, group);
        _at++;
        return true;
    }

    /// <summary>An arrow function's body is a block, or the expression up to the next comma, semicolon or closing bracket.</summary>
    private void Arrow()
    {
        var name = _trail.Arrow();
        var body = _at;
        while (body < _text.Length && char.IsWhiteSpace(_text[body]))
            body++;
        if (body < _text.Length && _text[body] == '{')
        {
            _open.Push('{', ScopeKind.Function, name);
            _trail.Clear();
            _at = body + 1;
        }
        else
        {
            _open.Push('>', ScopeKind.Function, name);
        }
    }
}

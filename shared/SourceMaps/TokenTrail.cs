namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>What stood before a round bracket, in case it is a list of parameters.</summary>
/// <param name="Callee">The word directly before: a method's name, a function's, or a keyword of a statement.</param>
/// <param name="IsFunction">The keyword function came before.</param>
/// <param name="Binding">What an anonymous function here is assigned to.</param>
/// <param name="OfClass">A class was begun: this is the call that makes its base.</param>
internal sealed record ParameterList(string? Callee, bool IsFunction, string? Binding, (bool Is, string? Name) OfClass);

/// <summary>The little of the tokens before that tells what a bracket opens.</summary>
internal sealed class TokenTrail
{
    private static readonly HashSet<string> Statements = new(StringComparer.Ordinal) { "if", "for", "while", "switch", "catch", "with", "await" };

    private static readonly HashSet<string> BeforeValues = new(StringComparer.Ordinal)
    {
        "return", "typeof", "case", "in", "of", "void", "delete", "new", "throw", "else", "do", "yield", "await", "instanceof", "extends", "default",
    };

    private static readonly HashSet<string> Beginnings = new(StringComparer.Ordinal)
    {
        "const", "let", "var", "function", "class", "export", "import", "return", "if", "for", "while", "switch", "throw", "try", "type", "interface", "enum", "async",
    };

    private string? _word;
    private string? _declared;
    private string? _typed;
    private string? _binding;
    private string? _function;
    private string? _class;
    private string? _generic;
    private bool _isFunction;
    private bool _isClass;
    private ParameterList? _parameters;
    private bool _ofReturnType;

    /// <summary>Last character that was no space; words count by theirs.</summary>
    public char Last { get; private set; }

    public bool AtLineStart { get; private set; }

    /// <summary>A slash here divides; elsewhere it begins a regular expression.</summary>
    public bool ValueBefore => Last is ')' or ']' or '}' or '"' || (_word is not null && !BeforeValues.Contains(_word));

    public static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' or '#' or '@';

    public static bool BeginsStatement(ReadOnlySpan<char> word) => Beginnings.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    public void NewLine() => AtLineStart = true;

    public void Word(ReadOnlySpan<char> span)
    {
        var word = span.ToString();
        if (AtLineStart)
            (_declared, _typed) = (null, null);
        AtLineStart = false;
        if (_isFunction && _function is null)
            _function = word;
        else if (_isClass && _class is null && word is not "extends" && _word is not "extends")
            _class = word;
        if (_word is "const" or "let" or "var")
            (_declared, _typed) = (word, null);
        if (word == "function" && Last != '.')
            (_isFunction, _function) = (true, null);
        if (word == "class" && Last != '.')
            (_isClass, _class) = (true, null);
        if (!_ofReturnType)
            _parameters = null;
        (_word, Last) = (word, 'a');
    }

    /// <summary>A string, a template or a regular expression has ended.</summary>
    public void Value()
    {
        AtLineStart = false;
        (_word, Last, _binding) = (null, '"', null);
    }

    public void Operator(char c)
    {
        AtLineStart = false;
        switch (c)
        {
            case '=' when Last is not ('=' or '!' or '<' or '>'):
                _binding = _declared ?? _typed ?? _word;
                break;
            case '=' when Last == '>':
                _binding = _declared ?? _typed;
                break;
            case ':' when _parameters is not null:
                _ofReturnType = true;
                break;
            case ':':
                _typed = _binding = _word;
                break;
            case ',' when _ofReturnType:
                break;
            case ',' or ';':
                Forget();
                break;
            case '<' when _word is not null:
                _generic = _word;
                break;
            case '.' or '?' or '&' or '|' or '+' or '-' or '!' or '=' when !_ofReturnType:
                _binding = null;
                break;
        }

        _isFunction &= c != ';';
        (_word, Last) = (null, c);
    }

    public ParameterList? BeginGroup(char open)
    {
        AtLineStart = false;
        var callee = _word ?? (Last == '>' ? _generic : null);
        var ofClass = (_isClass, _class);
        var list = open != '(' ? null : _isFunction
            ? new ParameterList(_function ?? _binding, true, null, ofClass)
            : new ParameterList(callee is "async" ? null : callee, false, callee is null or "async" ? _binding : null, ofClass);
        Clear();
        return list;
    }

    public void EndGroup(char close, ParameterList? list)
    {
        Clear();
        (Last, _parameters) = (close, close == ')' ? list : null);
        if (list is not null)
            (_isClass, _class) = list.OfClass;
    }

    public (ScopeKind Kind, string? Name) BeginBlock(string? inClass)
    {
        var block = (ScopeKind.Block, (string?)null);
        if (_isClass)
            block = (ScopeKind.Class, _class ?? _binding ?? "");
        else if (Last != ':' && _parameters is { } list && !(list.Callee is { } callee && !list.IsFunction && Statements.Contains(callee)))
            block = (ScopeKind.Function, list.Callee is "constructor" && inClass is { Length: > 0 } ? inClass : list.Callee);
        Clear();
        return block;
    }

    /// <summary>The name of the arrow function whose arrow stands here.</summary>
    public string? Arrow()
    {
        var name = _parameters is { } list ? list.Binding : _word is not null ? _binding : null;
        Clear();
        Last = '>';
        return name;
    }

    public void Clear()
    {
        Forget();
        (_word, Last, _isFunction, _function, _isClass, _class, AtLineStart) = (null, '{', false, null, false, null, false);
    }

    private void Forget() =>
        (_declared, _typed, _binding, _generic, _parameters, _ofReturnType) = (null, null, null, null, null, false);
}

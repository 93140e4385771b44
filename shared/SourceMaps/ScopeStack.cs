namespace ErrorPipeline.Shared.SourceMaps;

internal enum ScopeKind
{
    /// <summary>A block, an object, a type.</summary>
    Block,

    /// <summary>Round or square brackets.</summary>
    Group,
    Function,
    Class,
    Template,
}

/// <summary>The brackets that are open, innermost last. '>' stands for an arrow function without braces.</summary>
internal sealed class ScopeStack
{
    /// <summary>Deeper nesting is not code that people wrote.</summary>
    private const int Deepest = 1000;

    private readonly List<(char Open, ScopeKind Kind, string? Name, ParameterList? Group)> _open = [];
    private bool _tooDeep;

    public void Push(char open, ScopeKind kind, string? name) => Push(open, kind, name, null);

    public void PushGroup(char open, ParameterList? parameters) => Push(open, ScopeKind.Group, null, parameters);

    /// <summary>Closes the innermost bracket, and arrow functions in it; false where another bracket is open.</summary>
    public bool Pop(char close, out ScopeKind kind, out ParameterList? group)
    {
        EndArrows();
        var open = close switch { ')' => '(', ']' => '[', _ => '{' };
        if (_tooDeep || _open.Count == 0 || _open[^1].Open != open)
        {
            (kind, group) = (ScopeKind.Block, null);
            return false;
        }

        (kind, group) = (_open[^1].Kind, _open[^1].Group);
        _open.RemoveAt(_open.Count - 1);
        return true;
    }

    public void EndArrows()
    {
        while (_open.Count > 0 && _open[^1].Open == '>')
            _open.RemoveAt(_open.Count - 1);
    }

    /// <summary>The class whose body is the innermost bracket; null where it is something else.</summary>
    public string? Class() => _open.Count > 0 && _open[^1].Kind == ScopeKind.Class ? _open[^1].Name : null;

    public string? Function() => _open.FindLast(scope => scope.Kind == ScopeKind.Function).Name;

    private void Push(char open, ScopeKind kind, string? name, ParameterList? group)
    {
        _tooDeep |= _open.Count >= Deepest;
        if (!_tooDeep)
            _open.Add((open, kind, name, group));
    }
}

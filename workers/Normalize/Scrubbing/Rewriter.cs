using System.Text;

namespace ErrorPipeline.Workers.Normalize.Scrubbing;

/// <summary>Collects replacements in a text from left to right; costs nothing where there are none.</summary>
internal ref struct Rewriter(string text)
{
    private readonly string _text = text;
    private StringBuilder? _built;
    private int _copied;

    /// <summary>Everything before this index is settled.</summary>
    public readonly int Settled => _copied;

    public void Replace(int start, int end, string by)
    {
        _built ??= new StringBuilder(_text.Length);
        _built.Append(_text, _copied, start - _copied).Append(by);
        _copied = end;
    }

    public readonly string Result() => _built is null ? _text : _built.Append(_text, _copied, _text.Length - _copied).ToString();
}

using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <summary>
/// At most 200 frames: the first 150, where the error is, and the last 50, where it began. What a deep recursion repeats between
/// is left out. Lines beyond that are not turned into strings at all until they are among the last.
/// </summary>
internal sealed class FrameList
{
    public const int KeptFirst = 150;
    public const int KeptLast = 50;
    public const int LongestFunction = 256;
    public const int LongestFile = 1024;

    private readonly List<StackFrame> _first = [];
    private readonly Queue<StackFrame> _last = [];

    public int Count => _first.Count + _last.Count;

    public void Add(RawFrame raw) => Add(ToFrame(raw));

    public void Add(StackFrame frame)
    {
        if (_first.Count < KeptFirst)
        {
            _first.Add(frame);
            return;
        }

        if (_last.Count == KeptLast)
            _last.Dequeue();
        _last.Enqueue(frame);
    }

    public void Clear()
    {
        _first.Clear();
        _last.Clear();
    }

    public IReadOnlyList<StackFrame> ToList()
    {
        _first.AddRange(_last);
        return _first;
    }

    public static StackFrame ToFrame(RawFrame raw)
    {
        var function = raw.Function is "<anonymous>" or "(anonymous)" or "(anonymous function)" or "<unknown>" or "async <anonymous>" or "?" ? default : raw.Function;
        return new()
        {
            Function = function.IsEmpty ? null : Cut(function, LongestFunction),
            File = raw.File.IsEmpty ? null : Cut(raw.File, LongestFile),
            Line = raw.Line,
            Column = raw.Column,
            InApp = InAppRule.IsInApp(raw.File),
            Async = raw.Async,
        };
    }

    private static string Cut(ReadOnlySpan<char> text, int longest)
    {
        if (text.Length <= longest)
            return text.ToString();
        // Half a surrogate pair is not text.
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)].ToString();
    }
}

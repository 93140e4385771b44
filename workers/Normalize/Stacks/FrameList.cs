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

    /// <summary>What V8 keeps of a stack by itself.</summary>
    private const int Usual = 10;

    private readonly List<StackFrame> _first = new(Usual);
    private Queue<StackFrame>? _last;
    private (string Name, bool InApp) _file;
    private (string Name, bool InApp) _fileBefore;

    public int Count => _first.Count + (_last?.Count ?? 0);

    public void Add(RawFrame raw) => Add(ToFrame(raw, FileOf(raw.File)));

    public void Add(StackFrame frame)
    {
        if (_first.Count < KeptFirst)
        {
            _first.Add(frame);
            return;
        }

        _last ??= new();
        if (_last.Count == KeptLast)
            _last.Dequeue();
        _last.Enqueue(frame);
    }

    public void Clear()
    {
        _first.Clear();
        _last?.Clear();
    }

    public IReadOnlyList<StackFrame> ToList()
    {
        if (_last is not null)
            _first.AddRange(_last);
        return _first;
    }

    public static StackFrame ToFrame(RawFrame raw) => ToFrame(raw, (Cut(raw.File, LongestFile), InAppRule.IsInApp(raw.File)));

    private static StackFrame ToFrame(RawFrame raw, (string Name, bool InApp) file)
    {
        var function = raw.Function is "<anonymous>" or "(anonymous)" or "(anonymous function)" or "<unknown>" or "async <anonymous>" or "?" ? default : raw.Function;
        return new()
        {
            Function = function.IsEmpty ? null : Cut(function, LongestFunction),
            File = file.Name.Length == 0 ? null : file.Name,
            Line = raw.Line,
            Column = raw.Column,
            InApp = file.InApp,
            Async = raw.Async,
        };
    }

    /// <summary>Most frames of a stack are in one file or two, which are judged and kept once.</summary>
    private (string Name, bool InApp) FileOf(ReadOnlySpan<char> file)
    {
        if (_file.Name is { } last && file.SequenceEqual(last))
            return _file;
        if (_fileBefore.Name is { } before && file.SequenceEqual(before))
            (_file, _fileBefore) = (_fileBefore, _file);
        else
            (_file, _fileBefore) = ((Cut(file, LongestFile), InAppRule.IsInApp(file)), _file);
        return _file;
    }

    private static string Cut(ReadOnlySpan<char> text, int longest)
    {
        if (text.Length <= longest)
            return text.ToString();
        // Half a surrogate pair is not text.
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)].ToString();
    }
}

using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Workers.Normalize.Stacks;

/// <param name="Type">From the header line, null where there is none.</param>
/// <param name="Message">From the header line, null where there is none.</param>
/// <param name="Frames">Newest first.</param>
internal sealed record ParsedStack(string? Type, string? Message, IReadOnlyList<StackFrame> Frames)
{
    public static readonly ParsedStack Empty = new(null, null, []);
}

/// <summary>
/// Reads the stack string of any browser. Never throws, looks at each character a fixed number of times, keeps a bounded number of frames.
/// Each line says by its form which engine wrote it; once one is sure, lines of other forms are text, not frames.
/// </summary>
internal static class StackParser
{
    public const int LongestStack = 64 * 1024;

    private enum Form
    {
        None,
        Gecko,
        V8,
        Opera,
    }

    /// <summary>The message is read where there is no stack: old Opera puts the back-trace there.</summary>
    public static ParsedStack Parse(string? type, string? message, string? stack)
    {
        if (string.IsNullOrWhiteSpace(stack))
        {
            if (message is null || !message.Contains("\nBacktrace:", StringComparison.Ordinal))
                return ParsedStack.Empty;
            stack = message;
            message = null;
        }

        var text = stack.AsSpan(0, Math.Min(stack.Length, LongestStack));
        var skipped = StackHeader.KnownLength(text, type, message);
        var frames = new FrameList();
        var headerEnd = ReadLines(text[skipped..], frames);
        if (frames.Count == 0 && !text.TrimEnd().Contains('\n'))
            headerEnd = ReadOneLine(text[skipped..], frames);
        var header = text[..(skipped + headerEnd)];
        var (foundType, foundMessage) = StackHeader.Read(frames.Count == 0 && skipped == 0 ? FirstLine(text) : header);
        return new(foundType, foundMessage, frames.ToList());
    }

    /// <summary>Returns where the first frame begins.</summary>
    private static int ReadLines(ReadOnlySpan<char> text, FrameList frames)
    {
        var form = Form.None;
        var start = 0;
        var position = 0;
        var placed = false;
        foreach (var range in text.Split('\n'))
        {
            var line = text[range].Trim();
            position = range.Start.GetOffset(text.Length);
            if (line.IsEmpty)
                continue;
            if (frames.Count > 0 && (line.StartsWith("Caused by: ") || line.StartsWith("[cause]: ")))
                break;
            var found = ReadLine(line, form, placed, out var frame);
            if (found == Form.None)
                continue;
            if (found != form)
            {
                frames.Clear();
                form = found;
                start = position;
            }

            placed |= !frame.File.IsEmpty;
            frames.Add(frame);
        }

        return form == Form.None ? 0 : start;
    }

    /// <summary>"TypeError: x at f (https://a.test/x.js:1:2) at g (...)": a stack whose line ends were lost on the way. Returns where the first frame begins.</summary>
    private static int ReadOneLine(ReadOnlySpan<char> text, FrameList frames)
    {
        var first = text.IndexOf(" at ");
        for (var start = first; start >= 0;)
        {
            var rest = text[(start + 1)..];
            var next = rest[3..].IndexOf(" at ");
            // "(eval at f (...)" goes on.
            while (next > 0 && rest[..(next + 3)].EndsWith("(eval"))
                next = rest[(next + 7)..].IndexOf(" at ") is >= 0 and var further ? next + 4 + further : -1;
            var piece = (next < 0 ? rest : rest[..(next + 3)]).Trim();
            if (V8Line.TryRead(piece, out var frame) && frame.Line is not null && Location.LooksLikePlace(frame.File))
                frames.Add(frame);
            else if (frames.Count == 0)
                first = next < 0 ? 0 : start + next + 4;
            start = next < 0 ? -1 : start + next + 4;
        }

        return frames.Count == 0 ? 0 : first;
    }

    /// <param name="placed">A frame with a file was read: what comes now in another form is text.</param>
    private static Form ReadLine(ReadOnlySpan<char> line, Form form, bool placed, out RawFrame frame)
    {
        if (form is not Form.Opera && V8Line.TryRead(line, out frame))
            return Form.V8;
        if (form is Form.V8 && V8Line.TryRoot(line, out frame))
            return Form.V8;
        if (form is not Form.V8 && OperaLine.TryRead(line, out frame))
            return Form.Opera;
        if ((form is Form.None or Form.Gecko || (form is Form.V8 && !placed)) && GeckoLine.TryRead(line, out frame))
            return Form.Gecko;
        frame = default;
        return Form.None;
    }

    private static ReadOnlySpan<char> FirstLine(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        return text.IndexOf('\n') is >= 0 and var end ? text[..end] : text;
    }
}

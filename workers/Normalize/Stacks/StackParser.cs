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
        var header = text[..(skipped + headerEnd)];
        var (foundType, foundMessage) = frames.Count == 0 && skipped == 0 ? StackHeader.Read(FirstLine(text)) : StackHeader.Read(header);
        return new(foundType, foundMessage, frames.ToList());
    }

    /// <summary>Returns where the first frame begins.</summary>
    private static int ReadLines(ReadOnlySpan<char> text, FrameList frames)
    {
        var form = Form.None;
        var start = 0;
        var position = 0;
        foreach (var range in text.Split('\n'))
        {
            var line = text[range].Trim();
            position = range.Start.GetOffset(text.Length);
            if (line.IsEmpty)
                continue;
            if (frames.Count > 0 && (line.StartsWith("Caused by: ") || line.StartsWith("[cause]: ")))
                break;
            var found = ReadLine(line, form, out var frame);
            if (found == Form.None)
                continue;
            if (found != form)
            {
                frames.Clear();
                form = found;
                start = position;
            }

            frames.Add(frame);
        }

        return form == Form.None ? 0 : start;
    }

    private static Form ReadLine(ReadOnlySpan<char> line, Form form, out RawFrame frame)
    {
        if (form is not Form.Opera && V8Line.TryRead(line, out frame))
            return Form.V8;
        if (form is not Form.V8 && OperaLine.TryRead(line, out frame))
            return Form.Opera;
        if (form is Form.None or Form.Gecko && GeckoLine.TryRead(line, out frame))
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

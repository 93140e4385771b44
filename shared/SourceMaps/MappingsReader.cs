using System.Runtime.CompilerServices;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>Decodes the mappings of one plain map, in one pass over its bytes, into the buffer behind what is there.</summary>
/// <param name="mappings">The mappings, unescaped.</param>
/// <param name="path">Where the map lies in an index map, for refusals: "" or "sections[2].map.".</param>
internal ref struct MappingsReader(ReadOnlySpan<byte> mappings, string path)
{
    private readonly ReadOnlySpan<byte> _text = mappings;
    private int _at;
    private int _segment;

    /// <summary>True where a line's columns go back somewhere, so that its segments must be sorted.</summary>
    public bool Unsorted { get; private set; }

    /// <param name="into">Its last line is the one that the first line of the mappings continues.</param>
    /// <param name="columnOffset">Added to columns of the first line: the section's offset.</param>
    public void Read(SegmentBuffer into, int sourceCount, int nameCount, int columnOffset, SourceMapLimits limits)
    {
        into.Reserve(Bound(into, limits));
        int[] columns = into.Column, sources = into.Source, lines = into.Line, originals = into.OriginalColumn, names = into.Name;
        long column = columnOffset, source = 0, line = 0, original = 0, name = 0, previous = -1;
        int first = into.Count, count = first;
        var sorted = true;
        // Locals, not fields, so that the loop runs in registers: that halves its time.
        var text = _text;
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == (byte)';')
            {
                at++;
                into.Count = count;
                into.BeginLine();
                (column, previous) = (0, -1);
                continue;
            }

            _segment = count - first;
            column = Move(text, ref at, column, "generated column", int.MaxValue);
            sorted &= column >= previous;
            previous = column;
            columns[count] = (int)column;
            sources[count] = names[count] = -1;
            if (!AtEnd(text, at))
            {
                source = Move(text, ref at, source, "source index", sourceCount - 1L);
                line = Move(text, ref at, line, "original line", int.MaxValue);
                original = Move(text, ref at, original, "original column", int.MaxValue);
                sources[count] = (int)source;
                if (!AtEnd(text, at))
                    names[count] = (int)(name = Move(text, ref at, name, "name index", nameCount - 1L));
            }

            // A segment without an original repeats the last one: never shown, but it keeps the values small.
            lines[count] = (int)line;
            originals[count++] = (int)original;
            if (at < text.Length && text[at] != (byte)';')
                Comma(at++);
        }

        (into.Count, Unsorted) = (count, !sorted);
    }

    private readonly int Bound(SegmentBuffer into, SourceMapLimits limits)
    {
        var newLines = _text.Count((byte)';');
        if ((long)into.Lines + newLines > limits.Lines)
            throw new SourceMapException($"{path}mappings: more than the limit of {limits.Lines} lines");
        var commas = _text.Count((byte)',');
        // Every line may have one segment more than commas; a line of the shortest segment takes two bytes.
        var atMost = commas + Math.Min(newLines + 1, _text.Length - newLines);
        if ((long)into.Count + atMost > limits.Segments)
            throw new SourceMapException($"{path}mappings: more than the limit of {limits.Segments} segments");
        return atMost;
    }

    /// <summary>Reads one delta and returns the field's new value, which must be from 0 to <paramref name="most"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Move(ReadOnlySpan<byte> text, ref int at, long value, string field, long most)
    {
        var fault = VlqFault.None;
        if (at < text.Length && Vlq.IsOneDigit(text[at], out var delta))
        {
            at++;
        }
        else
        {
            _at = at;
            fault = Vlq.Signed(text, ref _at, out delta);
            at = _at;
        }

        var moved = value + delta;
        if (fault != VlqFault.None || moved < 0 || moved > most)
            Refuse(fault, at, field, moved, most);
        return moved;
    }

    private readonly void Refuse(VlqFault fault, int at, string field, long value, long most)
    {
        var cut = AtEnd(_text, at);
        throw Refusal(fault switch
        {
            VlqFault.OutOfRange => "VLQ value out of range",
            VlqFault.NotBase64 or VlqFault.Unfinished when cut && at > 0 && Vlq.EndsValue(_text[at - 1]) => "a segment has 1, 4 or 5 fields, not 2 or 3",
            VlqFault.NotBase64 when cut => "empty segment",
            VlqFault.NotBase64 => $"'{Shown(_text[at])}' is no base64 digit",
            VlqFault.Unfinished => "VLQ value without its last digit",
            _ when value < 0 => $"{field} is negative",
            _ when field is "source index" or "name index" => $"{field} {value} is beyond the {most + 1} entries of {(field == "source index" ? "sources" : "names")}",
            _ => $"{field} {value} is beyond 2^31",
        });
    }

    private readonly SourceMapException Refusal(string what) =>
        new($"{path}mappings: {what} at segment {_segment + 1}");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AtEnd(ReadOnlySpan<byte> text, int at) => (uint)at >= (uint)text.Length || text[at] is (byte)',' or (byte)';';

    /// <summary>Behind a segment comes the end, the end of the line, or a comma with another segment behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Comma(int at)
    {
        if (_text[at] != (byte)',' || AtEnd(_text, at + 1))
            RefuseSeparator(at);
    }

    private void RefuseSeparator(int at)
    {
        if (_text[at] != (byte)',')
            throw Refusal(Vlq.IsDigit(_text[at]) ? "a segment has 1, 4 or 5 fields, not more" : $"'{Shown(_text[at])}' is no base64 digit");
        _segment++;
        throw Refusal("empty segment");
    }

    private static string Shown(byte character) => character is > 32 and < 127 ? ((char)character).ToString() : $"\\x{character:x2}";
}

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
        long column = columnOffset, source = 0, line = 0, original = 0, name = 0;
        int count = into.Count, lineStart = count;
        var text = _text;
        while (_at < text.Length)
        {
            if (text[_at] == (byte)';')
            {
                _at++;
                into.Count = lineStart = count;
                into.BeginLine();
                column = 0;
                continue;
            }

            column = Move(column, "generated column", int.MaxValue);
            if (count > lineStart && columns[count - 1] > column)
                Unsorted = true;
            columns[count] = (int)column;
            sources[count] = names[count] = -1;
            if (!AtEnd())
            {
                source = Move(source, "source index", sourceCount - 1L);
                line = Move(line, "original line", int.MaxValue);
                original = Move(original, "original column", int.MaxValue);
                sources[count] = (int)source;
                if (!AtEnd())
                    names[count] = (int)(name = Move(name, "name index", nameCount - 1L));
                if (!AtEnd())
                    throw Refusal("a segment has 1, 4 or 5 fields, not more");
            }

            // A segment without an original repeats the last one: never shown, but it keeps the values small.
            lines[count] = (int)line;
            originals[count++] = (int)original;
            _segment++;
            EndSegment();
        }

        into.Count = count;
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
    private long Move(long value, string field, long most)
    {
        var fault = Vlq.Signed(_text, ref _at, out var delta);
        var moved = value + delta;
        if (fault != VlqFault.None || (ulong)moved > (ulong)most || most < 0)
            Refuse(fault, field, moved, most);
        return moved;
    }

    private readonly void Refuse(VlqFault fault, string field, long value, long most) => throw Refusal(fault switch
    {
        VlqFault.OutOfRange => "VLQ value out of range",
        VlqFault.NotBase64 when AtEnd() && field != "generated column" => "a segment has 1, 4 or 5 fields, not 2 or 3",
        VlqFault.NotBase64 when AtEnd() => "empty segment",
        VlqFault.NotBase64 => $"'{Shown(_text[_at])}' is no base64 digit",
        VlqFault.Unfinished when field is "original line" or "original column" && AtEnd() && _text[_at - 1] < (byte)'g' =>
            "a segment has 1, 4 or 5 fields, not 2 or 3",
        VlqFault.Unfinished => "VLQ value without its last digit",
        _ when value < 0 => $"{field} is negative",
        _ when field is "source index" or "name index" => $"{field} {value} is beyond the {most + 1} entries of {(field == "source index" ? "sources" : "names")}",
        _ => $"{field} {value} is beyond 2^31",
    });

    private readonly SourceMapException Refusal(string what) =>
        new($"{path}mappings: {what} at segment {_segment + 1}");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool AtEnd() => (uint)_at >= (uint)_text.Length || _text[_at] is (byte)',' or (byte)';';

    /// <summary>Behind a segment comes the end, the end of the line, or a comma with another segment behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EndSegment()
    {
        if ((uint)_at >= (uint)_text.Length || _text[_at] == (byte)';')
            return;
        if (_text[_at] != (byte)',')
            throw Refusal($"'{Shown(_text[_at])}' is no base64 digit");
        _at++;
        if (AtEnd())
            throw Refusal("empty segment");
    }

    private static string Shown(byte character) => character is > 32 and < 127 ? ((char)character).ToString() : $"\\x{character:x2}";
}

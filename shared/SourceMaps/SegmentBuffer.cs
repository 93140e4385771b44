using System.Buffers;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// Segments while a map is decoded, one rented array per field. Source and name are -1 where a segment has none.
/// </summary>
internal sealed class SegmentBuffer : IDisposable
{
    public int[] Column = [];
    public int[] Source = [];
    public int[] Line = [];
    public int[] OriginalColumn = [];
    public int[] Name = [];
    private int[] _lineStarts = ArrayPool<int>.Shared.Rent(16);

    public int Count { get; set; }

    /// <summary>Generated lines begun so far.</summary>
    public int Lines { get; private set; }

    /// <summary>A bit per segment: it is a range mapping. Null where none is.</summary>
    public ulong[]? Ranges { get; private set; }

    public ReadOnlySpan<int> LineStarts => _lineStarts.AsSpan(0, Lines);

    public void Reserve(int more)
    {
        var wanted = Count + more;
        if (wanted <= Column.Length)
            return;
        Grow(ref Column, wanted);
        Grow(ref Source, wanted);
        Grow(ref Line, wanted);
        Grow(ref OriginalColumn, wanted);
        Grow(ref Name, wanted);
    }

    public void BeginLine()
    {
        if (Lines == _lineStarts.Length)
            Grow(ref _lineStarts, Lines * 2);
        _lineStarts[Lines++] = Count;
    }

    /// <summary>
    /// Where a section begins exactly at the last mappings of the one before, its own counts there: they are made its copies.
    /// </summary>
    public void Overlay(int line, int first)
    {
        for (var i = first - 1; first < Count && i >= _lineStarts[line] && Column[i] == Column[first]; i--)
        {
            (Source[i], Line[i], OriginalColumn[i], Name[i]) = (Source[first], Line[first], OriginalColumn[first], Name[first]);
            Unmark(i);
            if (IsRange(first))
                MarkRange(i);
        }
    }

    /// <summary>Takes back lines at the end that have no segments, until there are only <paramref name="wanted"/>.</summary>
    public void TrimEmptyLines(int wanted)
    {
        while (Lines > wanted && _lineStarts[Lines - 1] == Count)
            Lines--;
    }

    /// <summary>Adds to sources and names of the segments from <paramref name="first"/> on what lies before theirs in the whole map.</summary>
    public void Rebase(int first, int sources, int names)
    {
        for (var i = first; (sources | names) != 0 && i < Count; i++)
        {
            Source[i] += Source[i] < 0 ? 0 : sources;
            Name[i] += Name[i] < 0 ? 0 : names;
        }
    }

    public void MarkRange(int segment)
    {
        Ranges ??= new ulong[Column.Length / 64 + 1];
        if (Ranges.Length <= segment / 64)
            Ranges = [.. Ranges, .. new ulong[segment / 64 + 1 - Ranges.Length]];
        Ranges[segment / 64] |= 1UL << (segment % 64);
    }

    private void Unmark(int segment)
    {
        if (Ranges is not null && segment / 64 < Ranges.Length)
            Ranges[segment / 64] &= ~(1UL << (segment % 64));
    }

    public bool IsRange(int segment) => Ranges is { } bits && segment / 64 < bits.Length && (bits[segment / 64] >> (segment % 64) & 1) != 0;

    /// <summary>Puts the segments of each line, from a line and a segment of it on, in the order of their columns; equal columns keep theirs.</summary>
    public void SortLines(int firstLine, int firstSegment)
    {
        for (var line = firstLine; line < Lines; line++)
        {
            var from = line == firstLine ? firstSegment : _lineStarts[line];
            var to = line + 1 < Lines ? _lineStarts[line + 1] : Count;
            if (Column.AsSpan(from, to - from) is var columns && !IsSorted(columns))
                Sort(from, to);
        }
    }

    private static bool IsSorted(ReadOnlySpan<int> columns)
    {
        for (var i = 1; i < columns.Length; i++)
        {
            if (columns[i - 1] > columns[i])
                return false;
        }

        return true;
    }

    private void Sort(int from, int to)
    {
        var order = new int[to - from];
        for (var i = 0; i < order.Length; i++)
            order[i] = from + i;
        var columns = Column;
        Array.Sort(order, (a, b) => columns[a] != columns[b] ? columns[a].CompareTo(columns[b]) : a.CompareTo(b));
        var ranges = Array.ConvertAll(order, IsRange);
        foreach (var field in (int[][])[Source, Line, OriginalColumn, Name, Column])
        {
            var sorted = Array.ConvertAll(order, index => field[index]);
            sorted.CopyTo(field, from);
        }

        for (var i = 0; Ranges is not null && i < ranges.Length; i++)
        {
            Unmark(from + i);
            if (ranges[i])
                MarkRange(from + i);
        }
    }

    public void Dispose()
    {
        foreach (var array in (int[][])[Column, Source, Line, OriginalColumn, Name, _lineStarts])
        {
            if (array.Length > 0)
                ArrayPool<int>.Shared.Return(array);
        }
    }

    private void Grow(ref int[] array, int wanted)
    {
        var larger = ArrayPool<int>.Shared.Rent(wanted);
        array.AsSpan().CopyTo(larger);
        if (array.Length > 0)
            ArrayPool<int>.Shared.Return(array);
        array = larger;
    }
}

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// Where to look in lines of many segments, as minifiers write them: for each stretch of columns the first segment in it, so that the search that
/// follows touches a line of cache or two instead of one a step. At most a byte a segment.
/// </summary>
internal sealed class LongLines
{
    private const int Long = 128;
    private const int SegmentsOfAStretch = 4;

    /// <summary>By line, where its table begins; -1 for short lines. Empty where all are short.</summary>
    private readonly int[] _at = [];

    /// <summary>Tables: the shift from columns to stretches, their number, the first segment of each, the end of the line.</summary>
    private readonly int[] _tables = [];

    public LongLines(ReadOnlySpan<int> columns, ReadOnlySpan<int> lineStarts)
    {
        var tables = new List<int>();
        for (var line = 0; line < lineStarts.Length - 1; line++)
        {
            int start = lineStarts[line], end = lineStarts[line + 1];
            if (end - start < Long)
                continue;
            if (_at.Length == 0)
            {
                _at = new int[lineStarts.Length - 1];
                Array.Fill(_at, -1);
            }

            _at[line] = tables.Count;
            Append(tables, columns, start, end);
        }

        _tables = [.. tables];
    }

    public int Bytes => (_at.Length + _tables.Length) * sizeof(int);

    /// <summary>Makes the range of a line's segments smaller; the last one at or before the column stays within, where there is one.</summary>
    public void Narrow(int line, int column, ref int start, ref int end)
    {
        if (line >= _at.Length || _at[line] is not (>= 0 and var at) || column < 0)
            return;
        var stretch = at + 2 + Math.Min(column >> _tables[at], _tables[at + 1] - 1);
        start = Math.Max(start, _tables[stretch] - 1);
        end = Math.Max(_tables[stretch + 1], start + 1);
    }

    private static void Append(List<int> tables, ReadOnlySpan<int> columns, int start, int end)
    {
        var shift = 0;
        while (columns[end - 1] >> shift >= (end - start) / SegmentsOfAStretch)
            shift++;
        var count = (columns[end - 1] >> shift) + 1;
        tables.Add(shift);
        tables.Add(count);
        var stretch = 0;
        for (var i = start; i < end; i++)
        {
            for (; stretch <= columns[i] >> shift; stretch++)
                tables.Add(i);
        }

        tables.Add(end);
    }
}

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// A decoded source map in a compact form: 4 bytes a segment for the generated column, 8 for the original place, up to 1 to find it by.
/// Immutable; any number of threads may look up. Lookups allocate nothing.
/// </summary>
public sealed class SourceMap
{
    private readonly int[] _columns;
    private readonly int[] _lineStarts;
    private readonly PackedOriginals _originals;
    private readonly ulong[]? _ranges;
    private readonly string[] _names;
    private readonly string?[] _urls;
    private readonly bool[] _ignored;
    private readonly SourceContents _contents;
    private readonly FunctionMap?[] _functions;
    private readonly Dictionary<int, int[]>? _hermes;
    private readonly LongLines _long;

    internal SourceMap(SegmentBuffer segments, MapParts parts, ReadOnlySpan<byte> json)
    {
        _columns = segments.Column.AsSpan(0, segments.Count).ToArray();
        _lineStarts = [.. segments.LineStarts, segments.Count];
        _originals = new PackedOriginals(segments);
        _long = new LongLines(_columns, _lineStarts);
        _ranges = segments.Ranges;
        _names = [.. parts.Names];
        _urls = [.. parts.Urls];
        _ignored = [.. parts.Ignored];
        _contents = SourceContents.Copy(json, parts.Contents);
        _functions = [.. parts.Functions];
        _hermes = parts.Top.HermesOffsets;
        File = parts.Top.File;
        DebugId = parts.Top.DebugId;
        Bytes = (_columns.Length + _lineStarts.Length) * sizeof(int) + (long)_originals.Bytes + _long.Bytes + (_ranges?.Length * 8 ?? 0) + _contents.Bytes
            + _names.Sum(name => 22L + 8 + name.Length * 2) + _urls.Sum(url => 22L + 8 + (url?.Length * 2 ?? 0)) + _functions.Sum(map => map?.Bytes ?? 0L);
    }

    private SourceMap(SourceMap other, SourceContents contents)
    {
        (_columns, _lineStarts, _originals, _ranges, _long) = (other._columns, other._lineStarts, other._originals, other._ranges, other._long);
        (_names, _urls, _ignored, _functions, _hermes) = (other._names, other._urls, other._ignored, other._functions, other._hermes);
        _contents = contents;
        File = other.File;
        DebugId = other.DebugId;
        Bytes = other.Bytes - other._contents.Bytes + contents.Bytes;
    }

    /// <summary>The generated file, as the map names it.</summary>
    public string? File { get; }

    /// <summary>Ties the map to its generated file; null where the bundler gave none. Of an index map only its own counts.</summary>
    public Guid? DebugId { get; }

    public int SegmentCount => _columns.Length;

    /// <summary>Lines of the generated file that the map reaches.</summary>
    public int LineCount => _lineStarts.Length - 1;

    public int SourceCount => _urls.Length;

    /// <summary>About how much memory it takes, for caches.</summary>
    public long Bytes { get; }

    /// <summary>
    /// Decodes the text of a map: plain or index, with or without a byte order mark or a line that starts with ")]}'", or as a data: URL.
    /// Throws <see cref="SourceMapException"/>, and nothing else, for what ECMA-426 does not allow and for what is beyond a limit.
    /// </summary>
    public static SourceMap Decode(ReadOnlySpan<byte> utf8, SourceMapLimits? limits = null) =>
        SourceMapDecoder.Decode(utf8, limits ?? SourceMapLimits.Default);

    public MapSource Source(int index) => new(_urls[index], _ignored[index], _contents.Has(index));

    /// <summary>The text of a source; null where the map has none.</summary>
    public string? Content(int index) => _contents.Text(index);

    /// <summary>Lines [from, to) of a source's text, 0-based; fewer where it ends, none where the map has no text.</summary>
    public IReadOnlyList<string> ContentLines(int index, int from, int to) => _contents.Has(index) ? _contents.Lines(index, from, to) : [];

    /// <summary>This map with texts of sources that it does not hold; lookups share their memory.</summary>
    /// <param name="texts">By the source's index.</param>
    public SourceMap With(IReadOnlyDictionary<int, string> texts) => new(this, _contents.With(texts));

    /// <summary>The last column of a 0-based line that the map knows; -1 where it knows none, and where it goes on over the ends of lines.</summary>
    public int LastColumn(int line) =>
        _ranges is not null || (uint)line >= (uint)LineCount || _lineStarts[line] == _lineStarts[line + 1] ? -1 : _columns[_lineStarts[line + 1] - 1];

    /// <summary>
    /// The original of a 0-based place: that of the last segment at or before the column on the same line. Where several
    /// segments share the exact column the first counts, otherwise the last.
    /// </summary>
    public MapLookup Find(int line, int column, out OriginalPosition position)
    {
        position = default;
        if ((uint)line >= (uint)LineCount)
            return _ranges is not null && line >= 0 ? InRange(_columns.Length - 1, line, column, MapLookup.LineBeyondMap, out position) : MapLookup.LineBeyondMap;
        int start = _lineStarts[line], end = _lineStarts[line + 1];
        _long.Narrow(line, column, ref start, ref end);
        var segment = LastAtOrBefore(start, end, column);
        if (segment >= start)
            return Read(segment, line, column, out position);
        var miss = start == end ? MapLookup.LineWithoutMappings : MapLookup.ColumnBeforeMappings;
        return _ranges is null ? miss : InRange(start - 1, line, column, miss, out position);
    }

    /// <summary>
    /// The function that encloses an original place, where the map says so itself (React Native's function maps);
    /// null where it does not.
    /// </summary>
    public string? EnclosingFunction(in OriginalPosition position) =>
        position.SourceIndex < _functions.Length ? _functions[position.SourceIndex]?.Find(position.Line, position.Column) : null;

    /// <summary>
    /// Where a Hermes function begins in its segment of bytecode: what an offset within the function must be added to
    /// before it is looked up as a column. Null where the map has no such table.
    /// </summary>
    public int? HermesFunctionOffset(int segment, int function) =>
        _hermes is not null && _hermes.TryGetValue(segment, out var offsets) && (uint)function < (uint)offsets.Length && offsets[function] >= 0 ? offsets[function] : null;

    /// <summary>
    /// The last segment of [start, end) at or before the column, start - 1 where there is none. Steps without a branch that depends
    /// on the data: with one, half of them are mispredicted, and that was half of a lookup's time.
    /// </summary>
    private int LastAtOrBefore(int start, int end, int column)
    {
        var line = _columns.AsSpan(start, end - start);
        if (line.IsEmpty || line[0] > column)
            return start - 1;
        var low = 0;
        for (var rest = line.Length; rest > 1;)
        {
            var half = rest >> 1;
            low += half & ((line[low + half] - column - 1) >> 31);
            rest -= half;
        }

        if (line[low] == column)
        {
            while (low > 0 && line[low - 1] == column)
                low--;
        }

        return start + low;
    }

    /// <summary>A range mapping goes on over the ends of lines until the next mapping.</summary>
    private MapLookup InRange(int segment, int line, int column, MapLookup miss, out OriginalPosition position)
    {
        position = default;
        return segment >= 0 && IsRange(segment) ? Read(segment, line, column, out position) : miss;
    }

    private MapLookup Read(int segment, int line, int column, out OriginalPosition position)
    {
        _originals.Read(segment, out var source, out var originalLine, out var originalColumn, out var name);
        if (source < 0)
        {
            position = default;
            return MapLookup.Generated;
        }

        if (_ranges is not null && IsRange(segment))
            Shift(segment, line, column, ref originalLine, ref originalColumn);
        position = new OriginalPosition(source, _urls[source], originalLine, originalColumn, name < 0 ? null : _names[name]);
        return MapLookup.Found;
    }

    private void Shift(int segment, int line, int column, ref int originalLine, ref int originalColumn)
    {
        var index = Array.BinarySearch(_lineStarts, segment + 1);
        // Lines without segments repeat the next line's start: the segment's own line is the last that starts at or before it.
        var own = (index < 0 ? ~index : FirstOf(index)) - 1;
        originalColumn = own == line ? (int)Math.Min(originalColumn + (long)column - _columns[segment], int.MaxValue) : column;
        originalLine = (int)Math.Min(originalLine + (long)line - own, int.MaxValue);
    }

    private int FirstOf(int index)
    {
        while (index > 0 && _lineStarts[index - 1] == _lineStarts[index])
            index--;
        return index;
    }

    private bool IsRange(int segment) => segment / 64 < _ranges!.Length && ((_ranges[segment / 64] >> (segment % 64)) & 1) != 0;
}

using System.Text;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>From the bytes of a map to its compact form.</summary>
internal static class SourceMapDecoder
{
    public static SourceMap Decode(ReadOnlySpan<byte> utf8, SourceMapLimits limits)
    {
        if (utf8.Length > limits.Bytes)
            throw new SourceMapException($"the map is {utf8.Length} bytes long, more than the limit of {limits.Bytes}");
        var json = WithoutPrefix(utf8);
        if (json.StartsWith("data:"u8))
            json = WithoutPrefix(DataUrl.Read(json, limits.Bytes));
        if (json.IsEmpty)
            throw new SourceMapException("the map is empty");
        var fields = MapJson.Read(json, limits);
        using var segments = new SegmentBuffer();
        segments.BeginLine();
        var parts = new MapParts(fields);
        if (fields.Sections is null)
            Append(json, fields, "", 0, segments, parts, limits);
        else
            AppendSections(json, fields.Sections, "", 0, 0, segments, parts, limits);
        return new SourceMap(segments, parts, json);
    }

    /// <summary>Servers used to put ")]}'" before JSON against script inclusion; editors put a byte order mark.</summary>
    private static ReadOnlySpan<byte> WithoutPrefix(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("\uFEFF"u8))
            text = text[3..];
        if (!text.StartsWith(")]}"u8))
            return text;
        var newLine = text.IndexOfAny((byte)'\n', (byte)'\r');
        return newLine < 0 ? [] : text[newLine..];
    }

    private static void AppendSections(
        ReadOnlySpan<byte> json, List<MapSection> sections, string path, int line, int column, SegmentBuffer segments, MapParts parts, SourceMapLimits limits)
    {
        (int Line, int Column) previous = (-1, 0);
        var segmentsBefore = 0;
        for (var i = 0; i < sections.Count; i++)
        {
            var section = sections[i];
            var at = $"{path}sections[{i}]";
            var offset = (section.Line, section.Column);
            if (offset.CompareTo(previous) < 0)
                throw new SourceMapException($"{at}.offset is before that of the section before it");
            if (offset == previous && segments.Count > segmentsBefore)
                throw new SourceMapException($"{at}.offset is that of the section before it: they overlap");
            (previous, segmentsBefore) = (offset, segments.Count);
            var firstColumn = section.Line == 0 ? (long)column + section.Column : section.Column;
            Begin(line + (long)section.Line, firstColumn, at, segments, limits);
            if (section.Map.Sections is { } nested)
                AppendSections(json, nested, $"{at}.map.", line + section.Line, (int)firstColumn, segments, parts, limits);
            else
                Append(json, section.Map, $"{at}.map.", (int)firstColumn, segments, parts, limits);
        }
    }

    /// <summary>Makes the line the buffer's last one. What came before must end before the section begins.</summary>
    private static void Begin(long line, long column, string at, SegmentBuffer segments, SourceMapLimits limits)
    {
        if (line >= limits.Lines)
            throw new SourceMapException($"{at}.offset.line {line} is beyond the limit of {limits.Lines} lines");
        if (column > int.MaxValue)
            throw new SourceMapException($"{at}.offset.column {column} is beyond 2^31");
        while (segments.Lines <= line)
            segments.BeginLine();
        segments.TrimEmptyLines((int)line + 1);
        var last = segments.Lines - 1;
        if (last > line || (segments.Count > segments.LineStarts[last] && segments.Column[segments.Count - 1] > column))
            throw new SourceMapException($"{at}.offset is before the end of the section before it: they overlap");
    }

    private static void Append(
        ReadOnlySpan<byte> json, MapFields map, string path, int columnOffset, SegmentBuffer segments, MapParts parts, SourceMapLimits limits)
    {
        int line = segments.Lines - 1, first = segments.Count;
        var reader = new MappingsReader(Bytes(json, map.Mappings!.Value), path);
        reader.Read(segments, map.Sources!.Count, map.Names.Count, columnOffset, limits);
        if (map.RangeMappings is { } ranges)
            RangeMappingsReader.Read(Bytes(json, ranges), segments, line, first, path);
        if (reader.Unsorted)
            segments.SortLines(line, first);
        parts.Append(map, path, segments, first, limits);
        segments.Overlay(line, first);
    }

    private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> json, JsonSlice slice) =>
        slice.Escaped ? Encoding.UTF8.GetBytes(slice.Text(json)) : slice.In(json);
}

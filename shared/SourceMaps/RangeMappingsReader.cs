namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// The range-mappings proposal: per generated line, which of its mappings hold for every character up to the next one.
/// </summary>
internal static class RangeMappingsReader
{
    /// <param name="firstLine">The buffer's line that the map's first line is.</param>
    /// <param name="firstSegment">The map's first segment.</param>
    public static void Read(ReadOnlySpan<byte> text, SegmentBuffer into, int firstLine, int firstSegment, string path)
    {
        int line = firstLine, at = 0;
        while (true)
        {
            var inLine = line < into.Lines ? Segments(into, line, firstLine, firstSegment) : (From: 0, To: 0);
            long index = inLine.From - 1L;
            while (at < text.Length && text[at] != (byte)';')
            {
                var fault = Vlq.Unsigned(text, ref at, out var step);
                if (fault != VlqFault.None)
                    throw new SourceMapException($"{path}rangeMappings: no base64 VLQ at byte {at + 1}");
                index += step;
                if (step == 0)
                    throw new SourceMapException($"{path}rangeMappings: a step of 0 at byte {at}");
                if (index >= inLine.To)
                    throw new SourceMapException($"{path}rangeMappings: beyond the mappings of generated line {line - firstLine + 1}");
                into.MarkRange((int)index);
            }

            if (at++ >= text.Length)
                return;
            line++;
        }
    }

    private static (int From, int To) Segments(SegmentBuffer into, int line, int firstLine, int firstSegment) =>
        (line == firstLine ? firstSegment : into.LineStarts[line], line + 1 < into.Lines ? into.LineStarts[line + 1] : into.Count);
}

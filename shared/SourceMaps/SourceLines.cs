using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>The source lines around a frame.</summary>
internal static class SourceLines
{
    private const int Reach = 5;
    private const int Longest = 200;

    /// <summary>Null where the map holds no text, or a shorter one.</summary>
    public static FrameContext? Around(SourceMap map, in OriginalPosition at)
    {
        var from = Math.Max(0, at.Line - Reach);
        var lines = map.ContentLines(at.SourceIndex, from, (int)Math.Min((long)at.Line + Reach + 1, int.MaxValue));
        var own = at.Line - from;
        if (own >= lines.Count)
            return null;
        return new FrameContext(
            [.. lines.Take(own).Select(line => Cut(line, 0))], Cut(lines[own], at.Column), [.. lines.Skip(own + 1).Select(line => Cut(line, 0))]);
    }

    /// <summary>A long line is cut to where the column is.</summary>
    private static string Cut(string line, int column)
    {
        if (line.Length <= Longest)
            return line;
        var start = column < Longest - 40 ? 0 : Math.Min(column - Longest / 2, line.Length - Longest);
        start = Math.Max(0, start);
        return line.Substring(start, Longest);
    }
}

using System.Diagnostics;
using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Micro;

/// <summary>The same work as js/trace-mapping.mjs, step by step.</summary>
internal static class SourceMapRun
{
    public const int Lookups = 200_000;
    private const int ColdRounds = 31;
    private const int WarmRounds = 11;

    public static Measured Measure(byte[] bytes)
    {
        var map = SourceMap.Decode(bytes);
        var cold = Timing.Median(ColdRounds, () => SourceMap.Decode(bytes).Find(0, 0, out _));
        var (lines, columns) = Places(map.LineCount);
        var checksum = 0L;
        var warm = Timing.Median(WarmRounds, () =>
        {
            checksum = 0;
            for (var i = 0; i < Lookups; i++)
                checksum += map.Find(lines[i], columns[i], out var at) == MapLookup.Found ? (at.Line * 31L) + at.Column + (at.Name?.Length ?? 0) : 1;
        });
        return new Measured(map.SegmentCount, cold, warm * 1e6 / Lookups, checksum);
    }

    /// <summary>A linear congruential generator that both languages compute alike.</summary>
    private static (int[] Lines, int[] Columns) Places(int lineCount)
    {
        int[] lines = new int[Lookups], columns = new int[Lookups];
        var state = 426u;
        for (var i = 0; i < Lookups; i++)
        {
            lines[i] = (int)((state = Next(state)) % (uint)lineCount);
            columns[i] = (int)((state = Next(state)) % 40_000u);
        }

        return (lines, columns);
    }

    private static uint Next(uint state) => unchecked((state * 1664525u) + 1013904223u);
}

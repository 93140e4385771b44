using BenchmarkDotNet.Attributes;
using ErrorPipeline.Shared.SourceMaps;

namespace ErrorPipeline.Micro;

/// <summary>The same work as js/measure.mjs.</summary>
public class SourceMapBenchmarks
{
    private readonly SourceMap _map;
    private readonly int[] _lines;
    private readonly int[] _columns;

    public SourceMapBenchmarks()
    {
        _map = SourceMap.Decode(Inputs.Current.Map);
        (_lines, _columns) = Inputs.Current.Places();
    }

    internal int Segments => _map.SegmentCount;

    /// <summary>From the map's bytes to the first answer.</summary>
    [Benchmark]
    public MapLookup First() => SourceMap.Decode(Inputs.Current.Map).Find(0, 0, out _);

    /// <summary>Lookups at random places; the sum of all answers.</summary>
    [Benchmark(OperationsPerInvoke = Inputs.Lookups)]
    public long OneMore()
    {
        var checksum = 0L;
        for (var i = 0; i < Inputs.Lookups; i++)
            checksum += _map.Find(_lines[i], _columns[i], out var at) == MapLookup.Found ? (at.Line * 31L) + at.Column + (at.Name?.Length ?? 0) : 1;
        return checksum;
    }
}

using BenchmarkDotNet.Attributes;
using ErrorPipeline.Workers.Normalize.Stacks;

namespace ErrorPipeline.Micro;

/// <summary>The same work as js/stacks.mjs.</summary>
public class StackBenchmarks
{
    /// <summary>Every stack, parsed from its string; the frames of all.</summary>
    [Benchmark]
    public int ParseAll()
    {
        var frames = 0;
        foreach (var thrown in Inputs.Current.Stacks)
            frames += StackParser.Parse(null, null, thrown.Stack).Frames.Count;
        return frames;
    }
}

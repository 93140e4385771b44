using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace ErrorPipeline.Micro;

/// <summary>One of our benchmarks.</summary>
/// <param name="Nanoseconds">Of one operation, the median of the iterations.</param>
/// <param name="Bytes">Allocated by one operation.</param>
internal sealed record Measured(double Nanoseconds, double Bytes)
{
    public static Measured operator /(Measured all, int parts) => new(all.Nanoseconds / parts, all.Bytes / parts);
}

/// <summary>What ErrorPipeline takes, by BenchmarkDotNet, in this process: the inputs are the contenders', and no project can be made and restored.</summary>
internal sealed record OurSide(Measured First, Measured OneMore, Measured Stack, Measured AgentAnew, Measured AgentSeen)
{
    private static IConfig Config(string folder) => ManualConfig.CreateEmpty()
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(4).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(250)))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddLogger(NullLogger.Instance)
        .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.DisableLogFile)
        .WithArtifactsPath(folder);

    /// <param name="folder">Where the library may leave what it writes.</param>
    public static OurSide Measure(string folder)
    {
        var config = Config(folder);
        var maps = Run<SourceMapBenchmarks>(config);
        var stacks = Run<StackBenchmarks>(config);
        var agents = Run<AgentBenchmarks>(config);
        var (ofStacks, ofAgents) = (Inputs.Current.Stacks.Count, Inputs.Current.Agents.Count);
        return new(
            maps[nameof(SourceMapBenchmarks.First)], maps[nameof(SourceMapBenchmarks.OneMore)], stacks[nameof(StackBenchmarks.ParseAll)] / ofStacks,
            agents[nameof(AgentBenchmarks.ReadAllAnew)] / ofAgents, agents[nameof(AgentBenchmarks.FindAllSeen)] / ofAgents);
    }

    private static Dictionary<string, Measured> Run<T>(IConfig config)
    {
        var summary = BenchmarkRunner.Run<T>(config);
        return summary.Reports.ToDictionary(
            report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name,
            report => report.ResultStatistics is { } times
                ? new Measured(times.Median, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0)
                : throw new InvalidOperationException($"{report.BenchmarkCase.DisplayInfo} gave no result: {string.Join("; ", summary.ValidationErrors)}"),
            StringComparer.Ordinal);
    }
}

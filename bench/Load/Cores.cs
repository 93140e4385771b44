using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load;

internal static class Cores
{
    /// <summary>All threads of a process, and those it will make, onto one core.</summary>
    public static async Task PinAsync(int pid, int core)
    {
        var (code, output) = await ChildProcess.RunAsync("taskset", ["-a", "-c", "-p", $"{core}", $"{pid}"], TimeSpan.FromSeconds(10));
        if (code != 0)
            throw new InvalidOperationException($"taskset ended with {code}:\n{output}");
    }
}

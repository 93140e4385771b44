using System.Globalization;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load;

/// <summary>What the queue alone could take: <c>redis-benchmark</c> with values of the native payload's size.</summary>
internal static class RedisCeiling
{
    public static readonly IReadOnlyList<int> Pipelines = [1, 16, 64];

    /// <summary>Commands a second of LPUSH and XADD.</summary>
    public static async Task<(double Lpush, double Xadd)> RunAsync(int bytes, int pipeline, int requests)
    {
        await using var redis = await RedisServer.StartAsync();
        return (await MeasureAsync(redis, pipeline, requests, ["LPUSH", "list", new string('x', bytes)]),
            await MeasureAsync(redis, pipeline, requests, ["XADD", "stream", "*", "d", new string('x', bytes)]));
    }

    private static async Task<double> MeasureAsync(RedisServer redis, int pipeline, int requests, string[] command)
    {
        var (code, output) = await ChildProcess.RunAsync(
            "redis-benchmark", ["-p", $"{redis.Port}", "-n", $"{requests}", "-c", "64", "-P", $"{pipeline}", "--csv", .. command], TimeSpan.FromMinutes(2));
        // "test","rps","avg_latency_ms",... and a line of values; the first holds the command.
        var values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(l => l.StartsWith('"'))?.Split("\",\"");
        return code == 0 && values is { Length: > 1 }
            ? double.Parse(values[1], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"redis-benchmark ended with {code}:\n{output}");
    }
}

using System.Globalization;
using System.Text.Json;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load;

/// <summary>One run of Debian's <c>wrk</c>: two threads, which share the connections.</summary>
internal static class Wrk
{
    public const int Threads = 2;
    private const double AnswerMs = 2;
    private static readonly string Script = Path.Combine(Places.Root, "bench", "Load", "post.lua");
    private static int _seed;

    /// <param name="rate">Requests a second; null for as fast as answers come back.</param>
    /// <param name="paths">Where to post, in turn; the path of <paramref name="address"/> where none are told.</param>
    /// <param name="core">The only one it may use; null for all.</param>
    public static async Task<WrkResult> RunAsync(Uri address, PayloadKind kind, string file, TimeSpan duration, int connections, double? rate = null, IReadOnlyList<string>? paths = null, int? core = null)
    {
        // How long each connection rests between an answer and its next request. The answer itself takes a moment, too.
        var rest = rate is { } wanted ? Math.Max(0, (connections * 1000 / wanted) - AnswerMs) : -1;
        var (code, output) = await ChildProcess.RunAsync(core is null ? "wrk" : "taskset",
        [
            .. core is null ? [] : new[] { "-c", $"{core}", "wrk" },
            "-t", $"{Threads}", "-c", $"{connections}", "-d", string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0}s"), "--timeout", "10s",
            "-s", Script, address.AbsoluteUri, "--", file, Payloads.ContentType(kind), $"{++_seed}", string.Create(CultureInfo.InvariantCulture, $"{rest:0.000}"), string.Join(',', paths ?? []),
        ], duration + TimeSpan.FromSeconds(60));
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith('{'));
        if (code != 0 || line is null)
            throw new InvalidOperationException($"wrk ended with {code}:\n{output}");
        return JsonSerializer.Deserialize<WrkResult>(line, JsonSerializerOptions.Web)!;
    }
}

/// <param name="Answered">Requests that were answered at all.</param>
/// <param name="Refused">Answers of 400 and above among them.</param>
/// <param name="Broken">Connections and answers that failed.</param>
/// <param name="Microseconds">How long it sent.</param>
/// <param name="P50">Median time of an answer in microseconds.</param>
/// <param name="P99">99th percentile of the same.</param>
internal sealed record WrkResult(long Answered, long Refused, long Broken, long Microseconds, long P50, long P99)
{
    public double Seconds => Microseconds / 1e6;

    public double PerSecond => Answered / Seconds;
}

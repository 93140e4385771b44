using System.Diagnostics;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Runs <c>Program</c> as another process and kills it with -9 once it has told enough commits.</summary>
internal static class KilledWriter
{
    public const int Fingerprints = 20;

    /// <summary>The n-th entry of an endless lane, the same in every process.</summary>
    public static LaneEntry Entry(long n) => Some.Entry(n,
    [
        .. Enumerable.Range(0, 5).Select(i => (n + (i * 3)) % Fingerprints).Select(f => Some.Delta(
            $"f{f}", count: 1 + f, at: n, users: [$"u{n % 50}"], samples: [Some.Sample($"e{n}-{f}", $"n{n % 7}", at: n)]))
    ]);

    /// <summary>The last commit that the child told before it died.</summary>
    public static async Task<long> RunAsync(string path, int commits)
    {
        using var child = Process.Start(new ProcessStartInfo("dotnet", [typeof(KilledWriter).Assembly.Location, path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var last = 0L;
        try
        {
            for (var told = 0; told < commits; told++)
                last = long.Parse((await child.StandardOutput.ReadLineAsync(patience.Token))!);
        }
        finally
        {
            child.Kill();
        }

        while (await child.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            last = long.TryParse(line, out var n) ? n : last;
        await child.WaitForExitAsync(patience.Token);
        return last;
    }
}

using System.Globalization;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Profiling;

/// <summary>One look at a thread: its name, its process, and what it was doing, the outermost call first.</summary>
internal sealed record StackSample(string Thread, int Pid, IReadOnlyList<string> Frames);

/// <summary>The kernel's sampler, <c>perf</c>. Managed code has names where the process was started with <see cref="Named"/>.</summary>
internal static class Perf
{
    /// <summary>Everything is compiled while it runs, so that all of it is in the map of names that perf reads.</summary>
    public static readonly IReadOnlyDictionary<string, string> Named = new Dictionary<string, string>
    {
        ["DOTNET_PerfMapEnabled"] = "1",
        ["DOTNET_ReadyToRun"] = "0",
        ["DOTNET_EnableWriteXorExecute"] = "0",
    };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static bool IsThere => Places.OnPath("perf") is not null;

    /// <summary>Looks 500 times a second at each core that works for one of the processes.</summary>
    public static async Task<IReadOnlyList<StackSample>> RecordAsync(IEnumerable<int> pids, TimeSpan time)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "perf.data");
        var seconds = time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        await RunAsync("record", "-F", "499", "-g", "-o", file, "-p", string.Join(',', pids), "--", "sleep", seconds);
        return Read(await RunAsync("script", "-i", file, "-F", "comm,pid,ip,sym,dso"));
    }

    /// <summary>A line for the thread, one for each call, the innermost first, and an empty one.</summary>
    internal static List<StackSample> Read(string script)
    {
        var samples = new List<StackSample>();
        var (thread, pid, frames) = ("", 0, new List<string>());
        foreach (var line in script.Split('\n').Append(""))
        {
            if (line.Length == 0)
            {
                if (frames.Count > 0)
                    samples.Add(new(thread, pid, [.. Enumerable.Reverse(frames)]));
                frames = [];
            }
            else if (!char.IsWhiteSpace(line[0]))
            {
                var head = line.TrimEnd();
                var space = head.LastIndexOf(' ');
                if (space > 0 && int.TryParse(head.AsSpan(space + 1), CultureInfo.InvariantCulture, out var found))
                    (thread, pid) = (head[..space].TrimEnd(), found);
            }
            else if (line.Trim().Split(' ', 2) is [_, var call])
            {
                frames.Add(call);
            }
        }

        return samples;
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output) = await ChildProcess.RunAsync("perf", arguments, Patience);
        return code == 0 ? output : throw new InvalidOperationException($"perf {arguments[0]} ended with {code}: {output}");
    }
}

using System.Globalization;

namespace ErrorPipeline.Rigs;

/// <summary>What a process has used, as the kernel counts it.</summary>
public static class ProcessMeter
{
    /// <summary>The kernel counts in hundredths of a second on every Linux of ours (USER_HZ).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds, user and system, since its start.</summary>
    public static double CpuSeconds(int pid)
    {
        // The name may hold spaces and parentheses: what counts comes after the last one.
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Bytes of memory that are its own and present.</summary>
    public static long ResidentBytes(int pid) => Status(pid, "VmRSS:");

    /// <summary>The most that <see cref="ResidentBytes"/> has been.</summary>
    public static long PeakBytes(int pid) => Status(pid, "VmHWM:");

    private static long Status(int pid, string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").Single(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}

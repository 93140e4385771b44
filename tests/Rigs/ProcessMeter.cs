using System.Globalization;
using System.Runtime.InteropServices;

namespace ErrorPipeline.Rigs;

/// <summary>What a process has used, as the kernel counts it.</summary>
public static partial class ProcessMeter
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

    /// <summary>The same by the kernel's own clock of the process: exact enough for what takes a millisecond.</summary>
    public static double ExactCpuSeconds(int pid)
    {
        // As clock_getcpuclockid makes it: the complement of the process's number, and 2 for the time that it was on a core.
        if (ReadClock((~pid << 3) | 2, out var time) != 0)
            throw new InvalidOperationException($"process {pid} has no clock");
        return time.Seconds + (time.Nanoseconds / 1e9);
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

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}

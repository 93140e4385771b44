using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ErrorPipeline.Rigs;

internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(Process process, int signal)
    {
        // A process that has ended keeps its number until .NET has reaped it; after that the number may be another's.
        if (!process.HasExited)
            _ = Send(process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}

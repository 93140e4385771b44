using System.Runtime.InteropServices;
using ErrorPipeline.Shared.Hosting;
using Microsoft.Win32.SafeHandles;

namespace ErrorPipeline.Collector.Spool;

/// <summary>The calls by which a record becomes durable; all throw <see cref="IOException"/>. Tests make single calls fail.</summary>
internal sealed record Disk(Action<SafeFileHandle, ReadOnlyMemory<byte>, long> Write, Action<SafeFileHandle> Flush, Action<string> FlushFolder)
{
    public static readonly Disk Real = new(
        static (file, bytes, at) => RandomAccess.Write(file, bytes.Span, at),
        Guard.Holds(Guard.Fsync) ? RandomAccess.FlushToDisk : static _ => { },
        Guard.Holds(Guard.Fsync) ? FolderSync.Flush : static _ => { });
}

/// <summary>fsync of a folder, without which a new file's name may be gone after a power cut. .NET opens no folders.</summary>
internal static partial class FolderSync
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    public static void Flush(string folder)
    {
        var descriptor = Open(folder, ReadOnlyCloseOnExec);
        if (descriptor < 0)
            throw Failed("open", folder);
        try
        {
            if (Sync(descriptor) < 0)
                throw Failed("fsync", folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string call, string folder) =>
        new($"{call} of folder {folder}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}

using System.Buffers.Binary;
using ErrorPipeline.Collector.Spool;

namespace ErrorPipeline.Collector.Replaying;

/// <summary>Reads the events of a log folder from outside: beside the collector that writes it, or after it. Changes nothing there.</summary>
internal static class LoggedEvents
{
    /// <summary>A raw message begins with its version and its project (see MessageCodec).</summary>
    private const int ProjectAt = 1;

    /// <summary>
    /// Oldest file first. A file ends for us at the first record that is not whole: what is being written now is not answered yet.
    /// A file that is deleted meanwhile has left the window.
    /// </summary>
    public static IEnumerable<LoggedEvent> Read(string folder)
    {
        foreach (var path in Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal))
        {
            if (Load(path) is not { } file || !SegmentHeader.TryRead(file, out var id, out var bornAt, out _))
                continue;
            var seed = new Producer(id, bornAt).Seed;
            for (var at = SegmentHeader.Bytes; TryRead(file, at, seed, out var logged, out var length); at += length)
            {
                if (logged is { } found)
                    yield return found;
            }
        }
    }

    private static bool TryRead(byte[] file, int at, uint seed, out LoggedEvent? logged, out int length)
    {
        (logged, length) = (null, 0);
        if (!LogRecord.TryRead(file.AsSpan(at), seed, out var record))
            return false;
        length = record.Length;
        if (record.Flags.HasFlag(RecordFlags.Outcomes) || record.Body.Length < ProjectAt + 4)
            return true;
        var body = file.AsMemory(at + LogRecord.HeaderBytes, record.Length - LogRecord.HeaderBytes);
        logged = new(record.Lane, record.Flags.HasFlag(RecordFlags.Bulk), record.ReceivedAt, BinaryPrimitives.ReadInt32LittleEndian(body.Span[ProjectAt..]), body);
        return true;
    }

    private static byte[]? Load(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

/// <param name="Body">A raw message, as it goes to Redis.</param>
internal sealed record LoggedEvent(int Lane, bool IsBulk, long ReceivedAt, int ProjectId, ReadOnlyMemory<byte> Body);

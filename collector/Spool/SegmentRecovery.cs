using Microsoft.Win32.SafeHandles;

namespace ErrorPipeline.Collector.Spool;

/// <summary>
/// Reads what a crash or a failing disk left of a segment. A tail that was never completed is cut off: nobody was told 202 for it.
/// Damage with whole records behind it (which no crash makes) costs the damaged records only; the file is kept beside.
/// </summary>
internal static class SegmentRecovery
{
    /// <summary>Bounds the search for the next whole record, which hostile bodies could make long.</summary>
    private const long MostSearchedBytes = 256L << 20;

    public sealed record Result(Segment Segment, long TornBytes, long DamagedBytes);

    /// <summary>Null where not even the header is whole.</summary>
    public static Result? Recover(string path, Func<Guid, long, Producer> producerOf)
    {
        var file = File.ReadAllBytes(path);
        if (!SegmentHeader.TryRead(file, out var id, out var bornAt, out var number))
            return null;
        var producer = producerOf(id, bornAt);
        var segment = new Segment(producer, number, path) { IsClosed = true };
        var whole = new List<Range>();
        var torn = 0L;
        var damaged = 0L;
        for (var at = SegmentHeader.Bytes; at < file.Length;)
        {
            if (LogRecord.TryRead(file.AsSpan(at), producer.Seed, out var record))
            {
                segment.Add(record.Lane, record.Sequence, record.ReceivedAt);
                producer.SetAppended(record.Lane, record.Sequence);
                whole.Add(at..(at + record.Length));
                at += record.Length;
                continue;
            }

            var next = FindNext(file, at + 1, producer.Seed);
            if (next < 0)
            {
                torn = file.Length - at;
                break;
            }

            damaged += next - at;
            at = next;
        }

        var length = file.Length - torn;
        if (damaged > 0)
            length = Rewrite(path, file, whole);
        else if (torn > 0)
            Cut(path, length);
        segment.Publish(length);
        return new(segment, torn, damaged);
    }

    private static int FindNext(ReadOnlySpan<byte> file, int from, uint seed)
    {
        var searched = 0L;
        for (var at = from; at <= file.Length - LogRecord.HeaderBytes && searched < MostSearchedBytes; at++)
        {
            var length = LogRecord.LengthAt(file[at..]);
            if (length < 0 || length > file.Length - at)
                continue;
            if (LogRecord.TryRead(file[at..], seed, out _))
                return at;
            searched += length;
        }

        return -1;
    }

    private static void Cut(string path, long length)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(handle, length);
        RandomAccess.FlushToDisk(handle);
    }

    private static long Rewrite(string path, byte[] file, List<Range> whole)
    {
        var repaired = path + ".repaired";
        long at = SegmentHeader.Bytes;
        using (SafeFileHandle handle = File.OpenHandle(repaired, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, file.AsSpan(0, SegmentHeader.Bytes), 0);
            foreach (var record in whole)
            {
                RandomAccess.Write(handle, file.AsSpan(record), at);
                at += file.AsSpan(record).Length;
            }

            RandomAccess.FlushToDisk(handle);
        }

        File.Copy(path, path + ".damaged", overwrite: true);
        File.Move(repaired, path, overwrite: true);
        return at;
    }
}

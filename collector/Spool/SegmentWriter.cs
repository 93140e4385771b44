using Microsoft.Win32.SafeHandles;

namespace ErrorPipeline.Collector.Spool;

/// <summary>Writes groups to the newest segment and opens the next when it is full. Used by the committing thread alone.</summary>
internal sealed class SegmentWriter(SegmentFolder folder, long segmentBytes, Disk disk, TimeProvider time) : IDisposable
{
    private readonly long[] _next = new long[Segment.MostLanes];
    private Producer? _producer;
    private Segment? _segment;
    private SafeFileHandle? _file;
    private int _number;

    /// <summary>Makes a segment where none is open. Throws what the disk throws.</summary>
    public void Open()
    {
        if (_segment is not null)
            return;
        if (_producer is null)
        {
            _producer = new(Guid.NewGuid(), time.GetUtcNow().ToUnixTimeMilliseconds());
            Array.Clear(_next);
            _number = 0;
        }

        var path = Path.Combine(folder.Path, Segment.NameOf(_producer, ++_number));
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        try
        {
            var header = new byte[SegmentHeader.Bytes];
            SegmentHeader.Write(header, _producer, _number);
            disk.Write(file, header, 0);
            disk.Flush(file);
            disk.FlushFolder(folder.Path);
        }
        catch
        {
            file.Dispose();
            TryDelete(path);
            throw;
        }

        _file = file;
        _segment = new(_producer, _number, path);
        folder.Add(_segment);
    }

    /// <summary>Returns when all records of the group are on disk and shown to readers. Throws what the disk throws; then call <see cref="GiveUp"/>.</summary>
    public void Write(Memory<byte> group)
    {
        if (_segment is { } full && full.DurableBytes + group.Length > segmentBytes && full.DurableBytes > SegmentHeader.Bytes)
            CloseSegment();
        Open();
        var (segment, producer, at) = (_segment!, _producer!, _segment!.DurableBytes);
        for (var rest = group.Span; !rest.IsEmpty;)
        {
            var record = rest[..LogRecord.LengthAt(rest)];
            LogRecord.Seal(record, ++_next[new LogRecord(record).Lane], producer.Seed);
            rest = rest[record.Length..];
        }

        disk.Write(_file!, group, at);
        disk.Flush(_file!);

        for (ReadOnlySpan<byte> rest = group.Span; !rest.IsEmpty;)
        {
            var record = new LogRecord(rest[..LogRecord.LengthAt(rest)]);
            segment.Add(record.Lane, record.Sequence, record.ReceivedAt);
            producer.SetAppended(record.Lane, record.Sequence);
            rest = rest[record.Length..];
        }

        segment.Publish(at + group.Length);
    }

    /// <summary>
    /// After a failure nobody knows what of the file's end is on disk, and a later fsync would not tell: the segment ends at
    /// its last good group, and a new producer starts.
    /// </summary>
    public void GiveUp()
    {
        var (segment, file) = (_segment, _file);
        _producer = null;
        if (segment is null || file is null)
            return;
        try
        {
            RandomAccess.SetLength(file, segment.DurableBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stays behind the end is whole records at most; their senders send them again under the same ids.
        }

        CloseSegment();
        if (segment.DurableBytes == SegmentHeader.Bytes && TryDelete(segment.Path))
            folder.Delete(segment);
    }

    public void Dispose() => _file?.Dispose();

    private void CloseSegment()
    {
        folder.Close(_segment!);
        _file!.Dispose();
        (_segment, _file) = (null, null);
    }

    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

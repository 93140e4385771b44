using ErrorPipeline.Collector.Spool;
using Microsoft.Win32.SafeHandles;

namespace ErrorPipeline.Collector.Forwarding;

/// <summary>Reads one lane's durable records off the log, in order, from wherever it was told to start. Used by one loop alone.</summary>
internal sealed class LaneReader(SegmentFolder folder, int lane) : IDisposable
{
    private const int ChunkBytes = 256 << 10;

    private Segment? _segment;
    private SafeFileHandle? _file;
    private byte[] _chunk = new byte[ChunkBytes];
    private int _start;
    private int _end;

    /// <summary>Position in the file of what follows the chunk.</summary>
    private long _position;

    /// <summary>Back to the oldest segment that is kept.</summary>
    public void Restart() => Leave();

    /// <summary>Hands the next records of one producer to the batch until it is full. False where there are none now.</summary>
    /// <param name="resume">What a producer's last sequence was that need not be read again.</param>
    public bool Fill(LaneBatch batch, Func<Producer, long> resume)
    {
        batch.Clear();
        while (true)
        {
            if (_segment is null && !Enter(After(null)))
                return false;
            var segment = _segment!;
            if (batch.Producer is { } producer && producer != segment.Producer)
                return true;
            if (!ReadSegment(segment, batch, resume(segment.Producer)))
                return true;
            // The end of what is durable: go on only where nothing will be added here any more.
            if (!segment.IsClosed || _position - (_end - _start) < segment.DurableBytes)
                return batch.Producer is not null;
            if (After(segment) is not { } next)
                return batch.Producer is not null;
            Enter(next);
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>False where the batch is full, true at the end of what is durable.</summary>
    private bool ReadSegment(Segment segment, LaneBatch batch, long resume)
    {
        if (segment is { IsClosed: true } && segment.Last(lane) <= resume)
        {
            (_start, _end, _position) = (0, 0, segment.DurableBytes);
            return true;
        }

        while (Peek(segment, out var length))
        {
            var record = new LogRecord(_chunk.AsSpan(_start, length));
            // What belongs to others is checked by them.
            if (record.Lane == lane && record.Sequence > resume)
            {
                if (!LogRecord.TryRead(_chunk.AsSpan(_start, length), segment.Producer.Seed, out record))
                    throw new InvalidDataException($"{segment.Path} changed under the collector near byte {_position - (_end - _start)}");
                if (!batch.TryAdd(segment.Producer, record))
                    return false;
                resume = record.Sequence;
            }

            _start += length;
        }

        return true;
    }

    /// <summary>Makes the next record whole in the chunk.</summary>
    private bool Peek(Segment segment, out int length)
    {
        length = LogRecord.LengthAt(_chunk.AsSpan(_start, _end - _start));
        if (length < 0)
        {
            if (!More(segment, LogRecord.HeaderBytes))
                return false;
            length = LogRecord.LengthAt(_chunk.AsSpan(_start, _end - _start));
            if (length < 0)
                throw new InvalidDataException($"{segment.Path} changed under the collector near byte {_position - (_end - _start)}");
        }

        return _end - _start >= length || More(segment, length);
    }

    private bool More(Segment segment, int wanted)
    {
        var kept = _end - _start;
        _chunk.AsSpan(_start, kept).CopyTo(_chunk);
        (_start, _end) = (0, kept);
        if (_chunk.Length < wanted)
            Array.Resize(ref _chunk, wanted);
        while (_end < wanted)
        {
            var most = (int)Math.Min(_chunk.Length - _end, segment.DurableBytes - _position);
            var read = most <= 0 ? 0 : RandomAccess.Read(_file!, _chunk.AsSpan(_end, most), _position);
            if (read == 0)
                return false;
            _end += read;
            _position += read;
        }

        return true;
    }

    private Segment? After(Segment? segment)
    {
        var segments = folder.Segments;
        // Only the oldest are ever deleted: where the present one is gone, the first that is left comes next.
        var index = segment is null ? -1 : Array.IndexOf(segments, segment);
        return index + 1 < segments.Length ? segments[index + 1] : null;
    }

    private bool Enter(Segment? segment)
    {
        Leave();
        if (segment is null)
            return false;
        try
        {
            _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            // Deleted since the snapshot, so all of it is confirmed.
            return false;
        }

        (_segment, _position) = (segment, SegmentHeader.Bytes);
        return true;
    }

    private void Leave()
    {
        _file?.Dispose();
        (_segment, _file, _start, _end, _position) = (null, null, 0, 0, 0);
    }
}

using System.Buffers;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Collector.Spool;

/// <summary>Records that share one write and one fsync. Two take turns: one fills while the other is written.</summary>
internal sealed class CommitGroup : IBufferWriter<byte>
{
    /// <summary>A burst's buffer is given back once it is over.</summary>
    private const int KeptBytes = 4 << 20;

    private byte[] _buffer = new byte[64 << 10];
    private int _length;

    public CommitGroup() => Reset();

    /// <summary>Completes when the fate of all its records is known; shared by everyone who waits.</summary>
    public TaskCompletionSource<AppendResult> Done { get; private set; } = null!;

    public int Bytes => _length;

    public Memory<byte> Written => _buffer.AsMemory(0, _length);

    public void Reset()
    {
        _length = 0;
        if (_buffer.Length > KeptBytes)
            _buffer = new byte[64 << 10];
        Done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Add(in NewRecord record)
    {
        var start = _length;
        GetSpan(LogRecord.HeaderBytes);
        Advance(LogRecord.HeaderBytes);
        MessageCodec.Write(this, record.Event);
        LogRecord.WriteHeader(_buffer.AsSpan(start, _length - start), record.Bulk ? RecordFlags.Bulk : RecordFlags.None, record.Lane, record.Event.ReceivedAt);
    }

    public void AddOutcomes(ReadOnlySpan<byte> body, int lane, long at)
    {
        var start = _length;
        GetSpan(LogRecord.HeaderBytes);
        Advance(LogRecord.HeaderBytes);
        this.Write(body);
        LogRecord.WriteHeader(_buffer.AsSpan(start, _length - start), RecordFlags.Outcomes, lane, at);
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _buffer.AsSpan(_length);
    }

    private void Ensure(int size)
    {
        if (_buffer.Length - _length < Math.Max(1, size))
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + size));
    }
}

/// <summary>An event to be made durable. <paramref name="Bulk"/>: its project is over its share.</summary>
internal readonly record struct NewRecord(RawError Event, int Lane, bool Bulk);

internal enum AppendResult
{
    /// <summary>On disk; will be forwarded whatever happens.</summary>
    Durable,

    /// <summary>Refused: the log has used its budget or the disk is full. Nothing was taken.</summary>
    Full,

    /// <summary>Refused: the disk fails or does not keep up. Nothing was taken.</summary>
    Failing,
}

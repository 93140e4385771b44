using System.Buffers;
using System.IO.Pipelines;

namespace ErrorPipeline.Collector.Admission;

/// <summary>A request's bytes, decompressed. They are the connection's or a pool's: gone after <see cref="Dispose"/>.</summary>
internal readonly struct RequestBody : IDisposable
{
    private readonly byte[]? _rented;
    private readonly PipeReader? _held;
    private readonly SequencePosition _end;

    private RequestBody(ReadOnlyMemory<byte> bytes, byte[]? rented, PipeReader? held, SequencePosition end) =>
        (Bytes, _rented, _held, _end) = (bytes, rented, held, end);

    public ReadOnlyMemory<byte> Bytes { get; }

    public static RequestBody Rented(byte[] buffer, int length) => new(buffer.AsMemory(0, length), buffer, null, default);

    /// <summary>What the connection has read already, without a copy.</summary>
    public static RequestBody Held(PipeReader reader, ReadOnlySequence<byte> whole) => new(whole.First, null, reader, whole.End);

    public void Dispose()
    {
        _held?.AdvanceTo(_end);
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }
}

using System.Globalization;

namespace ErrorPipeline.Collector.Spool;

/// <summary>
/// One life of a log: from a start, or from a failure of the disk, to the next. Its random id is what Redis remembers sequences
/// by. Sequences count from 1 in every lane, without gaps.
/// </summary>
internal sealed class Producer
{
    private readonly long[] _appended = new long[Segment.MostLanes];

    public Producer(Guid id, long bornAt)
    {
        Id = id;
        BornAt = bornAt;
        Name = id.ToString("N", CultureInfo.InvariantCulture);
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        Seed = Crc32C.Of(bytes, 0);
    }

    public Guid Id { get; }

    /// <summary>Ms since 1970; orders the producers of a folder.</summary>
    public long BornAt { get; }

    public string Name { get; }

    /// <summary>Where the check sums of its records start.</summary>
    public uint Seed { get; }

    /// <summary>Last durable sequence of a lane; 0 before the first.</summary>
    public long Appended(int lane) => Volatile.Read(ref _appended[lane]);

    public void SetAppended(int lane, long sequence) => Volatile.Write(ref _appended[lane], sequence);
}

using System.Globalization;

namespace ErrorPipeline.Collector.Spool;

/// <summary>One file of the log as memory knows it. Written by the committing thread, read by any.</summary>
internal sealed class Segment(Producer producer, int number, string path)
{
    public const int MostLanes = 100;

    private readonly long[] _first = new long[MostLanes];
    private readonly long[] _last = new long[MostLanes];
    private long _durable = SegmentHeader.Bytes;
    private volatile bool _closed;

    public Producer Producer => producer;
    public int Number => number;
    public string Path => path;

    /// <summary>Nothing will be added any more. Who sees this and then reads <see cref="DurableBytes"/> sees the last of them.</summary>
    public bool IsClosed
    {
        get => _closed;
        set => _closed = value;
    }

    /// <summary>Ms since 1970 of the newest record, 0 without one.</summary>
    public long NewestAt { get; private set; }

    /// <summary>Bytes from the start of the file that are known to be on disk; the rest does not exist for readers.</summary>
    public long DurableBytes => Volatile.Read(ref _durable);

    /// <summary>First sequence of a lane in this file, 0 without one.</summary>
    public long First(int lane) => Volatile.Read(ref _first[lane]);

    public long Last(int lane) => Volatile.Read(ref _last[lane]);

    public void Add(int lane, long sequence, long receivedAt)
    {
        if (_first[lane] == 0)
            Volatile.Write(ref _first[lane], sequence);
        Volatile.Write(ref _last[lane], sequence);
        NewestAt = Math.Max(NewestAt, receivedAt);
    }

    /// <summary>Shows what was added to readers.</summary>
    public void Publish(long durableBytes) => Volatile.Write(ref _durable, durableBytes);

    /// <summary>Sorts by the producer's birth, then by number: the order in which the files were written.</summary>
    public static string NameOf(Producer producer, int number) => string.Create(
        CultureInfo.InvariantCulture, $"{producer.BornAt:D15}-{producer.Name}-{number:D8}.log");
}

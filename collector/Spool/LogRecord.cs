using System.Buffers.Binary;

namespace ErrorPipeline.Collector.Spool;

[Flags]
internal enum RecordFlags : byte
{
    None = 0,

    /// <summary>An event of a project over its share: it goes to raw-bulk.</summary>
    Bulk = 1,

    /// <summary>No event but counts of what happened at the edge; see <see cref="Forwarding.EdgeCounts"/>.</summary>
    Outcomes = 2,
}

/// <summary>
/// One record of the log, all numbers little endian: int32 length of what follows the check sum, uint32 CRC32C, byte version,
/// byte flags, uint16 lane, int64 sequence, int64 received-at, body. The check sum starts from one of the segment's random
/// producer id: whoever writes the body cannot make bytes in it pass for a record.
/// </summary>
internal readonly ref struct LogRecord(ReadOnlySpan<byte> bytes)
{
    public const int HeaderBytes = 28;
    public const byte CurrentVersion = 1;

    /// <summary>Far above any request's limit: what is longer is damage.</summary>
    public const int LongestBytes = 64 << 20;

    private const int Uncovered = 8;
    private const int SequenceAt = 12;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Length => _bytes.Length;
    public RecordFlags Flags => (RecordFlags)_bytes[9];
    public int Lane => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[10..]);
    public long Sequence => BinaryPrimitives.ReadInt64LittleEndian(_bytes[SequenceAt..]);
    public long ReceivedAt => BinaryPrimitives.ReadInt64LittleEndian(_bytes[20..]);
    public ReadOnlySpan<byte> Body => _bytes[HeaderBytes..];

    /// <summary>Length of the whole record that starts here; -1 where none can.</summary>
    public static int LengthAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes)
            return -1;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return length is >= HeaderBytes - Uncovered and <= LongestBytes && bytes[8] == CurrentVersion ? length + Uncovered : -1;
    }

    /// <summary>False where the bytes do not start with a whole, undamaged record.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint seed, out LogRecord record)
    {
        record = default;
        var length = LengthAt(bytes);
        if (length < 0 || length > bytes.Length || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Check(bytes[..length], seed))
            return false;
        record = new(bytes[..length]);
        return true;
    }

    /// <summary>Writes all of the header but sequence and check sum, which are known when the record is about to be written.</summary>
    public static void WriteHeader(Span<byte> record, RecordFlags flags, int lane, long receivedAt)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - Uncovered);
        record[8] = CurrentVersion;
        record[9] = (byte)flags;
        BinaryPrimitives.WriteUInt16LittleEndian(record[10..], (ushort)lane);
        BinaryPrimitives.WriteInt64LittleEndian(record[20..], receivedAt);
    }

    public static void Seal(Span<byte> record, long sequence, uint seed)
    {
        BinaryPrimitives.WriteInt64LittleEndian(record[SequenceAt..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Check(record, seed));
    }

    private static uint Check(ReadOnlySpan<byte> record, uint seed) =>
        Crc32C.Of(record[Uncovered..], Crc32C.Of(record[..4], seed));
}

using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Faults.Rigs;

/// <summary>Writes and reads segments of the collector's log as docs/delivery.md describes them, apart from the collector's own code.</summary>
internal static class SegmentFile
{
    private const int HeaderBytes = 44;
    private const int RecordHeaderBytes = 28;

    /// <summary>Where the first record begins.</summary>
    public const int FirstRecord = HeaderBytes;

    public static byte[] Write(Guid producer, long bornAt, IEnumerable<(RawError Event, int Lane, long Sequence)> events, out List<Range> records)
    {
        var header = new byte[HeaderBytes];
        "EPIPELOG"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), 1);
        producer.TryWriteBytes(header.AsSpan(16));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), bornAt);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), Check(header.AsSpan(0, 40), 0));

        records = [];
        var file = new List<byte>(header);
        foreach (var (raw, lane, sequence) in events)
        {
            var body = new ArrayBufferWriter<byte>();
            MessageCodec.Write(body, raw);
            var record = new byte[RecordHeaderBytes + body.WrittenCount];
            BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - 8);
            record[8] = 1;
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(10), (ushort)lane);
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(12), sequence);
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(20), raw.ReceivedAt);
            body.WrittenSpan.CopyTo(record.AsSpan(RecordHeaderBytes));
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Check(record.AsSpan(8), Check(record.AsSpan(0, 4), Check(producer.ToByteArray(), 0))));
            records.Add(file.Count..(file.Count + record.Length));
            file.AddRange(record);
        }

        return [.. file];
    }

    private static uint Check(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}

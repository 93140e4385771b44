using System.Buffers.Binary;

namespace ErrorPipeline.Collector.Spool;

/// <summary>
/// First bytes of a segment: 8 of magic, int32 version, int32 number, 16 bytes producer id, int64 birth of the producer
/// (ms since 1970), uint32 CRC32C of all that.
/// </summary>
internal static class SegmentHeader
{
    public const int Bytes = 44;
    private const int CurrentVersion = 1;
    private const int Checked = Bytes - 4;

    private static ReadOnlySpan<byte> Magic => "EPIPELOG"u8;

    public static void Write(Span<byte> to, Producer producer, int number)
    {
        Magic.CopyTo(to);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], CurrentVersion);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], number);
        producer.Id.TryWriteBytes(to[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], producer.BornAt);
        BinaryPrimitives.WriteUInt32LittleEndian(to[Checked..], Crc32C.Of(to[..Checked], 0));
    }

    /// <summary>False for anything that is not an undamaged header of this version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, out Guid producer, out long bornAt, out int number)
    {
        (producer, bornAt, number) = (default, 0, 0);
        if (file.Length < Bytes || !file.StartsWith(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(file[8..]) != CurrentVersion
            || BinaryPrimitives.ReadUInt32LittleEndian(file[Checked..]) != Crc32C.Of(file[..Checked], 0))
            return false;
        number = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        producer = new(file.Slice(16, 16));
        bornAt = BinaryPrimitives.ReadInt64LittleEndian(file[32..]);
        return true;
    }
}

using System.Buffers.Binary;

namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// The form of a receipts row: 12 bytes an event, sorted. Eight are the event's short identity (big endian), four say where it is (little
/// endian): the id of a fingerprint, 0 where a tombstone swallowed it, or minus the id of a row of receipt_fates.
/// </summary>
internal static class ReceiptRow
{
    public const int Bytes = 12;

    public static byte[] Write(List<(ulong Event, int Fate)> receipts)
    {
        receipts.Sort();
        var body = new byte[receipts.Count * Bytes];
        for (var i = 0; i < receipts.Count; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(body.AsSpan(i * Bytes), receipts[i].Event);
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan((i * Bytes) + 8), receipts[i].Fate);
        }

        return body;
    }

    public static void AddTo(List<(ulong Event, int Fate)> receipts, ReadOnlySpan<byte> body)
    {
        for (; body.Length >= Bytes; body = body[Bytes..])
            receipts.Add(Read(body));
    }

    /// <summary>The fates of one event in a row, read by halving.</summary>
    public static IEnumerable<int> Find(Stream body, ulong id)
    {
        var entry = new byte[Bytes];
        var (low, high) = (0L, body.Length / Bytes);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ReadAt(body, middle, entry).Event < id)
                low = middle + 1;
            else
                high = middle;
        }

        for (; low < body.Length / Bytes && ReadAt(body, low, entry) is var found && found.Event == id; low++)
            yield return found.Fate;
    }

    private static (ulong Event, int Fate) ReadAt(Stream body, long index, byte[] entry)
    {
        body.Position = index * Bytes;
        body.ReadExactly(entry);
        return Read(entry);
    }

    private static (ulong Event, int Fate) Read(ReadOnlySpan<byte> entry) =>
        (BinaryPrimitives.ReadUInt64BigEndian(entry), BinaryPrimitives.ReadInt32LittleEndian(entry[8..]));
}

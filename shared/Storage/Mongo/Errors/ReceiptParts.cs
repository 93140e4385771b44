using System.Numerics;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Which documents of receipts can hold an event. What is new lies as it came. When its hour is over, or when it is large, it is divided by the
/// leading bits of the events' ids into documents of some hundred events: of a whole week a look-up reads one of them for each hour, by an index.
/// </summary>
internal static class ReceiptParts
{
    /// <summary>Fewer events than that stay together.</summary>
    public const int Least = 2 * EventsAPart;

    private const int EventsAPart = 500;
    private const int MostBits = 12;

    public static int BitsFor(long events) => events < Least ? 0 : Math.Min(MostBits, BitOperations.Log2((ulong)(events / EventsAPart)));

    /// <summary>The name of a part: the leading bits of its ids behind a one, so that parts of different sizes have different names.</summary>
    /// <param name="id">Of an event.</param>
    /// <param name="bits">How many, at least one.</param>
    public static int Of(ulong id, int bits) => (1 << bits) | (int)(id >> (64 - bits));

    /// <summary>What is not divided, and the part of each size that has an event of these.</summary>
    public static void WriteFilter(BsonWriter filter, IEnumerable<ulong> ids)
    {
        using var part = filter.Document("part"u8);
        using var any = filter.Array("$in"u8);
        filter.Null(default);
        foreach (var name in ids.SelectMany(id => Enumerable.Range(1, MostBits).Select(bits => Of(id, bits))).Distinct())
            filter.Int32(default, name);
    }

    /// <summary>A document that is not divided has no part.</summary>
    public static void WriteUndivided(BsonWriter filter) => filter.Null("part"u8);
}

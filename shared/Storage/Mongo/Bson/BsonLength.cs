using System.Buffers.Binary;

namespace ErrorPipeline.Shared.Storage.Mongo.Bson;

/// <summary>How many bytes the value of an element has. Never more than there are.</summary>
internal static class BsonLength
{
    public static int Of(BsonType type, ReadOnlySpan<byte> rest)
    {
        var length = type switch
        {
            BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey => 0,
            BsonType.Bool => 1,
            BsonType.Int32 => 4,
            BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64 => 8,
            BsonType.ObjectId => 12,
            BsonType.Decimal128 => 16,
            BsonType.String or BsonType.Code or BsonType.Symbol => Text(rest),
            BsonType.DbPointer => Text(rest) + 12L,
            BsonType.Binary => 5L + Prefix(rest, least: 0),
            BsonType.Document or BsonType.Array => Prefix(rest, least: 5),
            BsonType.CodeWithScope => Prefix(rest, least: 14),
            BsonType.Regex => Regex(rest),
            _ => throw new BsonFormatException($"there is no type {(byte)type:x2}"),
        };
        return length <= rest.Length ? (int)length : throw new BsonFormatException($"a {type} goes beyond the end");
    }

    /// <summary>Of a string with its length before it and NUL behind.</summary>
    private static long Text(ReadOnlySpan<byte> rest)
    {
        var length = 4L + Prefix(rest, least: 1);
        if (length > rest.Length || rest[(int)length - 1] != 0)
            throw new BsonFormatException("a text does not end");
        return length;
    }

    private static int Prefix(ReadOnlySpan<byte> rest, int least) =>
        BinaryPrimitives.TryReadInt32LittleEndian(rest, out var length) && length >= least ? length : throw new BsonFormatException($"a length is below {least}");

    private static int Regex(ReadOnlySpan<byte> rest)
    {
        var pattern = rest.IndexOf((byte)0);
        var options = pattern < 0 ? -1 : rest[(pattern + 1)..].IndexOf((byte)0);
        return options < 0 ? throw new BsonFormatException("an expression does not end") : pattern + options + 2;
    }
}

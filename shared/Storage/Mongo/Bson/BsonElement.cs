using System.Buffers.Binary;
using System.Text;

namespace ErrorPipeline.Shared.Storage.Mongo.Bson;

/// <summary>One element of a document. Reading it as something it is not throws <see cref="BsonFormatException"/>.</summary>
internal readonly ref struct BsonElement(BsonType type, ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public BsonType Type { get; } = type;

    public ReadOnlySpan<byte> Key { get; } = key;

    /// <summary>The value as it is stored.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public bool IsNull => Type is BsonType.Null or BsonType.Undefined;

    public string KeyText => Decode(Key);

    /// <summary>Any number that is whole: servers answer counts in whichever type they like.</summary>
    public long Int64()
    {
        switch (Type)
        {
            case BsonType.Int32:
                return BinaryPrimitives.ReadInt32LittleEndian(Bytes);
            case BsonType.Int64 or BsonType.DateTime:
                return BinaryPrimitives.ReadInt64LittleEndian(Bytes);
            case BsonType.Double:
                var value = BinaryPrimitives.ReadDoubleLittleEndian(Bytes);
                if (double.IsInteger(value) && value is >= -9.2e18 and <= 9.2e18)
                    return (long)value;
                goto default;
            default:
                throw IsNot("a whole number");
        }
    }

    public int Int32() => Int64() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw IsNot("a number of 32 bits");

    public double Double() => Type switch
    {
        BsonType.Double => BinaryPrimitives.ReadDoubleLittleEndian(Bytes),
        BsonType.Int32 or BsonType.Int64 => Int64(),
        _ => throw IsNot("a number"),
    };

    /// <summary>Numbers count as true where they are not 0.</summary>
    public bool Bool() => Type == BsonType.Bool ? Bytes[0] != 0 : Double() != 0;

    public string String() => Type == BsonType.String ? Decode(Utf8()) : throw IsNot("a text");

    public string? StringOrNull() => IsNull ? null : String();

    /// <summary>A text without its length and NUL.</summary>
    public ReadOnlySpan<byte> Utf8() => Type == BsonType.String ? Bytes[4..^1] : throw IsNot("a text");

    public ReadOnlySpan<byte> Binary() => Type == BsonType.Binary ? Bytes[5..] : throw IsNot("binary");

    /// <summary>Of a document or an array.</summary>
    public BsonView Document() => Type is BsonType.Document or BsonType.Array ? new(Bytes) : throw IsNot("a document");

    internal void CheckText()
    {
        _ = KeyText;
        if (Type == BsonType.String)
            _ = String();
    }

    private static string Decode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new BsonFormatException("a text is not UTF-8", e);
        }
    }

    private BsonFormatException IsNot(string what) => new($"'{Encoding.UTF8.GetString(Key)}' is {Type}, not {what}");
}

namespace ErrorPipeline.Shared.Storage.Mongo.Bson;

/// <summary>Types of the format. What is not in use here can be passed over, never read.</summary>
internal enum BsonType : byte
{
    Double = 0x01,
    String = 0x02,
    Document = 0x03,
    Array = 0x04,
    Binary = 0x05,
    Undefined = 0x06,
    ObjectId = 0x07,
    Bool = 0x08,
    DateTime = 0x09,
    Null = 0x0A,
    Regex = 0x0B,
    DbPointer = 0x0C,
    Code = 0x0D,
    Symbol = 0x0E,
    CodeWithScope = 0x0F,
    Int32 = 0x10,
    Timestamp = 0x11,
    Int64 = 0x12,
    Decimal128 = 0x13,
    MaxKey = 0x7F,
    MinKey = 0xFF,
}

/// <summary>Bytes that are no BSON, or not the BSON that was expected: the only way in which reading fails.</summary>
internal sealed class BsonFormatException(string message, Exception? inner = null) : Exception(message, inner);

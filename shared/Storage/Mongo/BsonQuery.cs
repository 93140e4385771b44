using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo;

/// <summary>The forms that filters, updates and options share.</summary>
internal static class BsonQuery
{
    public static void In(this BsonWriter writer, ReadOnlySpan<byte> key, IEnumerable<long> values)
    {
        using var operation = writer.Document(key);
        using var any = writer.Array("$in"u8);
        foreach (var value in values)
            writer.Int64(default, value);
    }

    public static void In(this BsonWriter writer, ReadOnlySpan<byte> key, IEnumerable<string> values)
    {
        using var operation = writer.Document(key);
        using var any = writer.Array("$in"u8);
        foreach (var value in values)
            writer.String(default, value);
    }

    /// <summary>One comparison, such as $lt.</summary>
    public static void Compare(this BsonWriter writer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> how, long value)
    {
        using var operation = writer.Document(key);
        writer.Int64(how, value);
    }

    public static void Compare(this BsonWriter writer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> how, string value)
    {
        using var operation = writer.Document(key);
        writer.String(how, value);
    }

    /// <summary>More than the one and less than the other. Ids begin with their project and a colon, which a semicolon is next to.</summary>
    public static void Between(this BsonWriter writer, ReadOnlySpan<byte> key, string above, string below)
    {
        using var range = writer.Document(key);
        writer.String("$gt"u8, above);
        writer.String("$lt"u8, below);
    }

    public static void Exists(this BsonWriter writer, ReadOnlySpan<byte> key, bool exists)
    {
        using var operation = writer.Document(key);
        writer.Bool("$exists"u8, exists);
    }

    public static void Set(this BsonWriter writer, Action<BsonWriter> fields)
    {
        using var set = writer.Document("$set"u8);
        fields(writer);
    }

    public static void Int64OrNull(this BsonWriter writer, ReadOnlySpan<byte> key, long? value)
    {
        if (value is { } number)
            writer.Int64(key, number);
        else
            writer.Null(key);
    }

    /// <summary>Options of a query: no more than a number (0: all), in the order of fields.</summary>
    public static Action<BsonWriter> Sorted(int limit, params (string Field, int Direction)[] order) => writer =>
    {
        if (order.Length > 0)
        {
            using var sort = writer.Document("sort"u8);
            foreach (var (field, direction) in order)
                writer.Int32(Encoding.UTF8.GetBytes(field), direction);
        }

        if (limit > 0)
            writer.Int64("limit"u8, limit);
    };

    /// <summary>Options of a query: these fields of each document, and its _id.</summary>
    public static Action<BsonWriter> Only(params string[] fields) => writer =>
    {
        using var projection = writer.Document("projection"u8);
        foreach (var field in fields)
            writer.Int32(Encoding.UTF8.GetBytes(field), 1);
    };

    /// <summary>Option of a query: by this index, whatever the engine thinks of others.</summary>
    public static Action<BsonWriter> By(string index) => writer => writer.String("hint"u8, index);

    /// <summary>Options that go together.</summary>
    public static Action<BsonWriter> Both(Action<BsonWriter> one, Action<BsonWriter> other) => writer =>
    {
        one(writer);
        other(writer);
    };

    /// <summary>The keys of an index.</summary>
    public static Action<BsonWriter> Fields(IReadOnlyList<(string Field, int Direction)> keys) => writer =>
    {
        foreach (var (field, direction) in keys)
            writer.Int32(Encoding.UTF8.GetBytes(field), direction);
    };

    public static Action<BsonWriter> Id(string id) => writer => writer.String("_id"u8, id);

    public static Action<BsonWriter> Id(long id) => writer => writer.Int64("_id"u8, id);

    public static Action<BsonWriter> Number(string field, long value) => writer => writer.Int64(Encoding.UTF8.GetBytes(field), value);

    public static long? Int64OrNull(this BsonView document, ReadOnlySpan<byte> key) => document.TryFind(key, out var found) && !found.IsNull ? found.Int64() : null;

    public static string? StringOrNull(this BsonView document, ReadOnlySpan<byte> key) => document.TryFind(key, out var found) ? found.StringOrNull() : null;
}

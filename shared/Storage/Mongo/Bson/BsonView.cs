using System.Buffers.Binary;

namespace ErrorPipeline.Shared.Storage.Mongo.Bson;

/// <summary>
/// A document where it lies. Each element is checked against the bounds when it is reached; whatever the bytes are, reading them ends,
/// with elements or a <see cref="BsonFormatException"/>. Copies nothing.
/// </summary>
internal readonly ref struct BsonView
{
    private const int Shortest = 5;

    /// <exception cref="BsonFormatException">These are not the bytes of one document.</exception>
    public BsonView(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Shortest || BinaryPrimitives.ReadInt32LittleEndian(bytes) != bytes.Length || bytes[^1] != 0)
            throw new BsonFormatException($"{bytes.Length} bytes are not one document");
        Bytes = bytes;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public bool IsEmpty => Bytes.Length <= Shortest;

    /// <summary>The element of that key; throws where there is none.</summary>
    public BsonElement this[ReadOnlySpan<byte> key] => TryFind(key, out var element)
        ? element
        : throw new BsonFormatException($"there is no '{System.Text.Encoding.UTF8.GetString(key)}'");

    public bool TryFind(ReadOnlySpan<byte> key, out BsonElement element)
    {
        foreach (var next in this)
        {
            if (!next.Key.SequenceEqual(key))
                continue;
            element = next;
            return true;
        }

        element = default;
        return false;
    }

    public Enumerator GetEnumerator() => new(Bytes);

    /// <exception cref="BsonFormatException">Anything in it is wrong, to the last depth.</exception>
    public void Check() => Check(0);

    private void Check(int depth)
    {
        if (depth == BsonWriter.MostDepth)
            throw new BsonFormatException($"deeper than {BsonWriter.MostDepth}");
        foreach (var element in this)
        {
            if (element.Type is BsonType.Document or BsonType.Array)
                element.Document().Check(depth + 1);
            else
                element.CheckText();
        }
    }

    internal ref struct Enumerator(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at = 4;

        public BsonElement Current { get; private set; }

        public bool MoveNext()
        {
            if (_at >= _bytes.Length - 1)
                return false;
            var type = (BsonType)_bytes[_at];
            var body = _bytes[(_at + 1)..^1];
            var key = body.IndexOf((byte)0);
            if (key < 0)
                throw new BsonFormatException("a key does not end");
            var value = body[(key + 1)..];
            var length = BsonLength.Of(type, value);
            Current = new(type, body[..key], value[..length]);
            _at += 1 + key + 1 + length;
            return true;
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace ErrorPipeline.Shared.Storage.Mongo.Bson;

/// <summary>
/// Writes one document into a rented buffer. Inside an array the key is left empty: its elements are numbered here.
/// Field names are code, never data, and go in as UTF-8. Lone surrogates are replaced, as they have no form in UTF-8.
/// </summary>
internal sealed class BsonWriter : IDisposable
{
    /// <summary>As deep as a server takes documents.</summary>
    public const int MostDepth = 100;

    private const int NotAnArray = -1;
    private byte[] _buffer;
    private int _length;
    private (int Start, int Next)[] _open = new (int, int)[8];
    private int _depth;

    public BsonWriter(int expectedBytes = 512)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(expectedBytes);
        Reset();
    }

    /// <summary>Bytes so far: where to split what would be too large for one document.</summary>
    public int Length => _length;

    /// <summary>Starts another document in the same buffer.</summary>
    public void Reset()
    {
        (_length, _depth) = (0, 0);
        Open(NotAnArray);
    }

    /// <summary>The whole document; valid until the next <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        if (_depth == 1)
            Close();
        Debug.Assert(_depth == 0, "a document or array inside is still open");
        return _buffer.AsSpan(0, _length);
    }

    public void Double(ReadOnlySpan<byte> key, double value)
    {
        Head(BsonType.Double, key);
        BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);
    }

    public void Int32(ReadOnlySpan<byte> key, int value)
    {
        Head(BsonType.Int32, key);
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);
    }

    public void Int64(ReadOnlySpan<byte> key, long value) => Long(BsonType.Int64, key, value);

    /// <param name="key">Of the field.</param>
    /// <param name="ms">Since 1970 UTC.</param>
    public void DateTime(ReadOnlySpan<byte> key, long ms) => Long(BsonType.DateTime, key, ms);

    public void Bool(ReadOnlySpan<byte> key, bool value)
    {
        Head(BsonType.Bool, key);
        Take(1)[0] = value ? (byte)1 : (byte)0;
    }

    public void Null(ReadOnlySpan<byte> key) => Head(BsonType.Null, key);

    public void String(ReadOnlySpan<byte> key, ReadOnlySpan<char> value)
    {
        Head(BsonType.String, key);
        var at = _length;
        Take(4);
        var room = Room(Encoding.UTF8.GetMaxByteCount(value.Length));
        _length += Encoding.UTF8.GetBytes(value, room);
        Take(1)[0] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(at), _length - at - 4);
    }

    /// <summary>A text that is known to be UTF-8: names and operators of the code.</summary>
    public void String(ReadOnlySpan<byte> key, ReadOnlySpan<byte> utf8)
    {
        Head(BsonType.String, key);
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), utf8.Length + 1);
        utf8.CopyTo(Take(utf8.Length));
        Take(1)[0] = 0;
    }

    public void StringOrNull(ReadOnlySpan<byte> key, string? value)
    {
        if (value is null)
            Null(key);
        else
            String(key, value);
    }

    public void Binary(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Head(BsonType.Binary, key);
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), value.Length);
        Take(1)[0] = 0;
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Any element as it was read, under another key.</summary>
    public void Copy(ReadOnlySpan<byte> key, BsonElement element)
    {
        Head(element.Type, key);
        element.Bytes.CopyTo(Take(element.Bytes.Length));
    }

    public void Document(ReadOnlySpan<byte> key, BsonView document)
    {
        Head(BsonType.Document, key);
        document.Bytes.CopyTo(Take(document.Bytes.Length));
    }

    /// <summary>Dispose what comes back to end it.</summary>
    public Scope Document(ReadOnlySpan<byte> key)
    {
        Head(BsonType.Document, key);
        Open(NotAnArray);
        return new(this, _depth);
    }

    /// <inheritdoc cref="Document(ReadOnlySpan{byte})"/>
    public Scope Array(ReadOnlySpan<byte> key)
    {
        Head(BsonType.Array, key);
        Open(0);
        return new(this, _depth);
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private void Long(BsonType type, ReadOnlySpan<byte> key, long value)
    {
        Head(type, key);
        BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);
    }

    private void Head(BsonType type, ReadOnlySpan<byte> key)
    {
        Take(1)[0] = (byte)type;
        ref var frame = ref _open[_depth - 1];
        if (frame.Next != NotAnArray)
        {
            Debug.Assert(key.IsEmpty, "elements of an array have no key");
            frame.Next.TryFormat(Room(10), out var digits);
            _length += digits;
            frame.Next++;
        }
        else if (key.Contains((byte)0))
        {
            throw new ArgumentException("a key cannot hold NUL", nameof(key));
        }
        else
        {
            key.CopyTo(Take(key.Length));
        }

        Take(1)[0] = 0;
    }

    private void Open(int next)
    {
        if (_depth == MostDepth)
            throw new BsonFormatException($"deeper than {MostDepth}");
        if (_depth == _open.Length)
            System.Array.Resize(ref _open, _open.Length * 2);
        _open[_depth++] = (_length, next);
        Take(4);
    }

    private void Close()
    {
        Take(1)[0] = 0;
        var start = _open[--_depth].Start;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), _length - start);
    }

    private Span<byte> Take(int bytes)
    {
        var room = Room(bytes)[..bytes];
        _length += bytes;
        return room;
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + bytes), _length * 2));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }

    /// <summary>An open document or array.</summary>
    internal readonly ref struct Scope(BsonWriter writer, int depth)
    {
        public void Dispose()
        {
            Debug.Assert(writer._depth == depth, "closed out of order");
            writer.Close();
        }
    }
}

using System.Buffers.Binary;
using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.DocumentDb;

/// <summary>
/// One message of the wire protocol: OP_MSG with its body and document sequences, or OP_QUERY, with which clients of every age shake hands.
/// </summary>
internal sealed class WireMessage
{
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const int HeaderSize = 16;
    private const int Largest = 48_000_000;
    private const int ChecksumPresent = 1;
    private const int MoreToCome = 2;

    private readonly byte[] _bytes;
    private Range _body;

    private WireMessage(byte[] bytes) => _bytes = bytes;

    /// <summary>The command.</summary>
    public ReadOnlySpan<byte> Body => _bytes.AsSpan(_body);

    /// <summary>Documents that came beside the command, one behind the other, with the field's name they stand for.</summary>
    public (string Field, byte[] Documents)? Sequence { get; private set; }

    public bool WantsNoReply { get; private set; }

    /// <summary>Of a handshake; in others the command says it itself.</summary>
    public string? QueryDatabase { get; private set; }

    private int Id => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(4));

    private int OpCode => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(12));

    /// <summary>Null where the client has closed the connection.</summary>
    public static async Task<WireMessage?> ReadAsync(Stream stream, CancellationToken cancel)
    {
        var header = new byte[HeaderSize];
        if (await stream.ReadAtLeastAsync(header, HeaderSize, throwOnEndOfStream: false, cancel) < HeaderSize)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < HeaderSize or > Largest)
            throw new IOException($"a message of {length} bytes");
        var bytes = new byte[length];
        header.CopyTo(bytes, 0);
        await stream.ReadExactlyAsync(bytes.AsMemory(HeaderSize), cancel);
        var message = new WireMessage(bytes);
        message.Parse();
        return message;
    }

    public byte[] Reply(ReadOnlySpan<byte> document)
    {
        var isQuery = OpCode == OpQuery;
        // OP_REPLY: flags, cursor, first, number. OP_MSG: flags and one section.
        var middle = isQuery ? 20 : 5;
        var reply = new byte[HeaderSize + middle + document.Length];
        BinaryPrimitives.WriteInt32LittleEndian(reply, reply.Length);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(8), Id);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(12), isQuery ? OpReply : OpMsg);
        if (isQuery)
            BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(HeaderSize + 16), 1);
        document.CopyTo(reply.AsSpan(HeaderSize + middle));
        return reply;
    }

    private void Parse()
    {
        var at = HeaderSize + 4;
        var flags = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(HeaderSize));
        switch (OpCode)
        {
            case OpQuery:
                var name = _bytes.AsSpan(at);
                var end = name.IndexOf((byte)0);
                QueryDatabase = Encoding.UTF8.GetString(name[..end]).Split('.')[0];
                at += end + 1 + 8;
                _body = at..(at + BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at)));
                break;
            case OpMsg:
                WantsNoReply = (flags & MoreToCome) != 0;
                ParseSections(at, _bytes.Length - ((flags & ChecksumPresent) != 0 ? 4 : 0));
                break;
            default:
                throw new IOException($"messages of kind {OpCode} are not spoken here");
        }
    }

    private void ParseSections(int at, int end)
    {
        while (at < end)
        {
            var kind = _bytes[at++];
            var length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));
            if (kind == 0)
            {
                _body = at..(at + length);
            }
            else
            {
                var section = _bytes.AsSpan(at + 4, length - 4);
                var name = section.IndexOf((byte)0);
                Sequence = (Encoding.UTF8.GetString(section[..name]), section[(name + 1)..].ToArray());
            }

            at += length;
        }
    }
}

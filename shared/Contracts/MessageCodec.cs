using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace ErrorPipeline.Shared.Contracts;

/// <summary>
/// Binary forms of the messages that carry original bytes (raw, unique). All numbers are little endian:
/// a version byte, fixed fields, texts as (uint16 length, UTF-8), bytes as (int32 length, bytes).
/// Readers throw <see cref="UnknownVersionException"/> for a version they do not know and <see cref="FormatException"/> for torn data.
/// </summary>
public static class MessageCodec
{
    private const long None = long.MinValue;

    public static void Write(IBufferWriter<byte> to, RawError raw)
    {
        WriteByte(to, RawError.CurrentVersion);
        WriteInt32(to, raw.ProjectId);
        WriteText(to, raw.EventId);
        WriteInt64(to, raw.ReceivedAt);
        WriteInt64(to, raw.SentAt ?? None);
        WriteText(to, raw.Protocol);
        WriteText(to, raw.UserAgent);
        WriteText(to, raw.ClientIp);
        WriteBytes(to, raw.Body.Span);
        if (raw.AgentHints is not null)
            WriteText(to, raw.AgentHints);
    }

    public static RawError ReadRaw(ReadOnlyMemory<byte> from)
    {
        var reader = new Cursor(from);
        reader.Version(RawError.CurrentVersion);
        return new()
        {
            ProjectId = reader.Int32(),
            EventId = reader.Text() ?? "",
            ReceivedAt = reader.Int64(),
            SentAt = reader.OptionalInt64(),
            Protocol = reader.Text() ?? "",
            UserAgent = reader.Text(),
            ClientIp = reader.Text(),
            Body = reader.Bytes(),
            // Behind the body, so that builds that do not know it pass over it.
            AgentHints = reader.IsAtEnd ? null : reader.Text(),
        };
    }

    public static void Write(IBufferWriter<byte> to, UniqueError unique)
    {
        WriteByte(to, UniqueError.CurrentVersion);
        WriteInt32(to, unique.ProjectId);
        WriteText(to, unique.Protocol);
        WriteBytes(to, CompactJson.ToBytes(unique.Occurrences, ContractsJson.Default.IReadOnlyListOccurrence));
        WriteBytes(to, unique.Body.Span);
    }

    public static UniqueError ReadUnique(ReadOnlyMemory<byte> from)
    {
        var reader = new Cursor(from);
        reader.Version(UniqueError.CurrentVersion);
        return new()
        {
            ProjectId = reader.Int32(),
            Protocol = reader.Text() ?? "",
            Occurrences = JsonSerializer.Deserialize(reader.Bytes().Span, ContractsJson.Default.IReadOnlyListOccurrence) ?? [],
            Body = reader.Bytes(),
        };
    }

    private static void WriteByte(IBufferWriter<byte> to, byte value)
    {
        to.GetSpan(1)[0] = value;
        to.Advance(1);
    }

    private static void WriteInt32(IBufferWriter<byte> to, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(4), value);
        to.Advance(4);
    }

    private static void WriteInt64(IBufferWriter<byte> to, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to.GetSpan(8), value);
        to.Advance(8);
    }

    /// <summary>Null is written as the length 65535; longer texts are cut, which only hostile headers reach.</summary>
    private static void WriteText(IBufferWriter<byte> to, string? text)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(to.GetSpan(2), ushort.MaxValue);
            to.Advance(2);
            return;
        }

        if (text.Length > 20_000)
            text = text[..20_000];
        var span = to.GetSpan(2 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, span[2..]);
        BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)length);
        to.Advance(2 + length);
    }

    private static void WriteBytes(IBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        WriteInt32(to, bytes.Length);
        to.Write(bytes);
    }

    private ref struct Cursor(ReadOnlyMemory<byte> rest)
    {
        private ReadOnlyMemory<byte> _rest = rest;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public void Version(int known)
        {
            var version = Take(1).Span[0];
            if (version != known)
                throw new UnknownVersionException(version);
        }

        public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span);

        public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8).Span);

        public long? OptionalInt64() => Int64() is var value && value == None ? null : value;

        public string? Text()
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span);
            return length == ushort.MaxValue ? null : Encoding.UTF8.GetString(Take(length).Span);
        }

        public ReadOnlyMemory<byte> Bytes() => Take(Int32());

        private ReadOnlyMemory<byte> Take(int count)
        {
            if (count < 0 || count > _rest.Length)
                throw new FormatException($"message is torn: {count} bytes wanted, {_rest.Length} left");
            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}

/// <summary>A message of a newer build than this one. It is parked, never dead-lettered: readers deploy first.</summary>
public sealed class UnknownVersionException : Exception
{
    public UnknownVersionException(int version) : base($"message version {version} is unknown to this build") => Version = version;

    public int Version { get; }
}
